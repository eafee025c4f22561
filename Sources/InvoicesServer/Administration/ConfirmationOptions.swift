import ArgumentParser

/// What a command understands that takes something away.
struct ConfirmationOptions: ParsableArguments {
    @Flag(help: "Do it without asking, for scripts.")
    var yes = false

    /// Tells what will happen, and returns when that is wanted.
    ///
    /// - Throws: ``Failure`` when nobody is there to answer; `ExitCode.failure` when the answer is no.
    func confirm(_ explanation: String, _ question: String) throws {
        if yes { return }
        guard Terminal.canAnswer else {
            throw Failure(
                .usage, "\(explanation) Nothing was changed: nobody is there to confirm it; say --yes if that is wanted"
            )
        }
        Terminal.say(explanation + "\n")
        guard Terminal.confirms(question) else {
            Terminal.say("Nothing was changed.\n")
            throw ExitCode.failure
        }
    }
}
