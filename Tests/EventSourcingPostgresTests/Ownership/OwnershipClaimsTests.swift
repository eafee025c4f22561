import EventSourcing
import Testing

@testable import EventSourcingPostgres

@Suite struct OwnershipClaimsTests {
    private var claims = OwnershipClaims()

    @Test mutating func `a resource is wanted, held, released, and then forgotten`() {
        let turn = OwnershipTurn(at: "it")
        claims.enter(turn)
        #expect(claims.step == OwnershipClaims.Step(wanted: ["it"]))
        claims.took(claims.step, gaining: [])
        #expect(claims.step == OwnershipClaims.Step(wanted: ["it"]))
        claims.took(claims.step, gaining: ["it"])
        #expect(claims.step == OwnershipClaims.Step(held: ["it"]))
        claims.leave(turn)
        #expect(claims.step == OwnershipClaims.Step(released: ["it"]))
        claims.took(claims.step, gaining: [])
        #expect(claims.step.isEmpty)
    }

    @Test mutating func `what is wanted again is released first`() {
        let (one, two) = (OwnershipTurn(at: "it"), OwnershipTurn(at: "it"))
        claims.enter(one)
        claims.enter(two)
        claims.took(claims.step, gaining: ["it"])
        claims.leave(one)
        #expect(claims.step == OwnershipClaims.Step(released: ["it"]))
        claims.took(claims.step, gaining: [])
        #expect(claims.step == OwnershipClaims.Step(wanted: ["it"]))
    }

    @Test mutating func `what comes after its candidate has left is released`() {
        let turn = OwnershipTurn(at: "it")
        claims.enter(turn)
        let step = claims.step
        claims.leave(turn)
        claims.took(step, gaining: ["it"])
        #expect(claims.step == OwnershipClaims.Step(released: ["it"]))
    }

    @Test mutating func `what is left while a step is under way is released by the next one`() {
        let turn = OwnershipTurn(at: "it")
        claims.enter(turn)
        claims.took(claims.step, gaining: ["it"])
        let step = claims.step
        claims.leave(turn)
        claims.took(step, gaining: [])
        #expect(claims.step == OwnershipClaims.Step(released: ["it"]))
    }

    @Test mutating func `a lost resource is wanted only when its old owner has ended`() {
        let (one, two) = (OwnershipTurn(at: "it"), OwnershipTurn(at: "it"))
        claims.enter(one)
        claims.enter(two)
        claims.took(claims.step, gaining: ["it"])
        claims.lostSession()
        #expect(claims.step.isEmpty)
        claims.leave(one)
        #expect(claims.step == OwnershipClaims.Step(wanted: ["it"]))
    }

    @Test mutating func `a session that is gone needs not be told what is released`() {
        let turn = OwnershipTurn(at: "it")
        claims.enter(turn)
        claims.took(claims.step, gaining: ["it"])
        claims.leave(turn)
        claims.lostSession()
        #expect(claims.step.isEmpty)
    }
}
