// Makes out invoices, has them paid, lists them and is refused, with the client that openapi-generator generates.

import {
    ApiResponse, Configuration, CreateInvoiceRequest, Invoice, InvoicesApi, InvoiceSort, InvoiceState, PaymentMethod,
    PaymentStatus, Problem, ProblemFromJSON, ResponseError,
} from "./client";

// What of Node.js is used; its own types are not among what is installed.
declare const process: { env: Record<string, string>; exit(code: number): never };
declare const require: (module: string) => { randomUUID(): string };
const { randomUUID } = require("crypto");

const api = new InvoicesApi(new Configuration({ basePath: process.env.INVOICES_URL }));
const customerId = randomUUID();
const dueDate = new Date("2030-12-31");

function check(holds: boolean, what: string): void {
    if (!holds) throw new Error(`not ${what}`);
}

function order(terms: Partial<CreateInvoiceRequest>): { createInvoiceRequest: CreateInvoiceRequest } {
    return { createInvoiceRequest: { customerId, currency: "EUR", ...terms } };
}

function ids(invoices: Invoice[]): string {
    return invoices.map((invoice) => invoice.id).join();
}

/**
 * The invoice as a write has left it. The short forms return what a write can also be answered with, nothing at all,
 * which happens to those alone who prefer it.
 */
async function written(call: Promise<ApiResponse<Invoice>>): Promise<Invoice> {
    const response = await call;
    check(response.raw.status === 200 || response.raw.status === 201, "an answer with the invoice");
    return response.value();
}

/** The problem that the call is refused with. */
async function refusal(status: number, code: string, call: Promise<unknown>): Promise<Problem> {
    try {
        await call;
    } catch (error) {
        if (!(error instanceof ResponseError)) throw error;
        const problem = ProblemFromJSON(await error.response.json());
        check(error.response.status === status && problem.status === status, `${status}: ${problem.detail}`);
        check(problem.code === code && problem.type === `/problems/${code}`, `${code}: ${problem.code}`);
        check(problem.detail !== "", "a problem that explains itself");
        return problem;
    }
    throw new Error(`expected ${status}`);
}

async function main(): Promise<void> {
    // Create, of an amount. Dates are values, null is null.
    const created = await api.createInvoiceRaw(order({ amount: 1250, dueDate, reference: "Order 1042" }));
    const plain = await created.value();
    check(created.raw.status === 201 && plain.customerId === customerId && plain.amount === 1250, "as ordered");
    check(plain.dueDate?.getTime() === dueDate.getTime() && plain.lines.length === 0, "due as ordered");
    check(plain.state === InvoiceState.Open && plain.paymentStatus === PaymentStatus.Unpaid, "open");
    check(plain.paidAt === null && plain.createdAt instanceof Date && plain.number !== null, "to be paid");
    const { id } = plain;
    const ifMatch = created.raw.headers.get("ETag")!;

    // Create, of lines, and once: sent again with the same key, the answer is the same.
    const ofLines = {
        idempotencyKey: randomUUID(),
        ...order({
            lines: [
                { description: "Consulting, hours", quantity: "1.5", unitPrice: 9900, taxRate: 1900 },
                { description: "Travel", quantity: "1", unitPrice: 4250, taxRate: 700 },
            ],
        }),
    };
    const lined = await written(api.createInvoiceRaw(ofLines));
    check(lined.netAmount === 19100 && lined.taxAmount === 3120 && lined.amount === 22220, "summed");
    const replayed = await api.createInvoiceRaw(ofLines);
    check(JSON.stringify(await replayed.value()) === JSON.stringify(lined), "the same invoice");
    check(replayed.raw.headers.get("Idempotency-Replayed") === "true", "replayed");

    // Pay: a part of it if nothing has happened since, then without a body what is left.
    const payInvoiceRequest = {
        amount: 500, method: PaymentMethod.BankTransfer, reference: "E2E-7781", paidAt: new Date(),
    };
    const part = await written(api.payInvoiceRaw({ id, ifMatch, payInvoiceRequest }));
    check(part.paymentStatus === PaymentStatus.PartiallyPaid && part.dueAmount === 750, "paid in part");
    const paid = await written(api.payInvoiceRaw({ id }));
    check(paid.state === InvoiceState.Closed && paid.paymentStatus === PaymentStatus.Paid, "paid");
    check(paid.paidAt instanceof Date && paid.revision > plain.revision, "changed");

    // Conflicts: paid again, and with an ETag that is out of date.
    await refusal(409, "invoice-already-paid", api.payInvoice({ id }));
    await refusal(412, "precondition-failed", api.payInvoice({ id, ifMatch }));

    // Every wrong value at once.
    const wrong = await refusal(422, "validation-failed", api.createInvoice(
        order({ amount: 0, currency: "EURO", reference: "two\nlines" })));
    const found = wrong.errors?.map((error) => `${error.pointer} ${error.code}`).sort().join();
    check(found === "/amount out-of-range,/currency unknown-currency,/reference invalid-reference", `every: ${found}`);

    // Far too large: the answer arrives although all of it is sent first.
    const large = { amount: 100, reference: "x".repeat(20_000_000) };
    await refusal(413, "body-too-large", api.createInvoice(order(large)));

    // A draft: changed, issued, withdrawn. What is left out is kept, null takes away.
    const draft = await written(api.createInvoiceRaw(order({ amount: 100, dueDate, draft: true })));
    check(draft.state === InvoiceState.Draft && draft.number === null, "a draft");
    const reviseInvoiceRequest = { amount: 200, dueDate: null };
    const revised = await written(api.reviseInvoiceRaw({ id: draft.id, reviseInvoiceRequest }));
    check(revised.amount === 200 && revised.dueDate === null, "changed");
    const issued = await written(api.issueInvoiceRaw({ id: draft.id }));
    check(issued.state === InvoiceState.Open && issued.number !== null, "issued");
    const withdrawn = await written(api.voidInvoiceRaw({ id: draft.id, voidInvoiceRequest: { reason: "Sent twice" } }));
    check(withdrawn.state === InvoiceState.Void && withdrawn.voidReason === "Sent twice", "void");
    await refusal(409, "action-not-allowed", api.payInvoice({ id: draft.id }));

    // Refund.
    const refunded = await api.refundInvoiceRaw({ id, refundInvoiceRequest: { amount: 50 } });
    check((await refunded.value()).paymentStatus === PaymentStatus.PartiallyRefunded, "refunded in part");

    // Several at once, each with an outcome of its own.
    const several = await api.createInvoices({
        createInvoicesRequest: {
            invoices: [{ customerId, currency: "EUR", amount: 1 }, { customerId, currency: "EUR" }],
        },
    });
    check(several.created === 1 && several.refused === 1, "one created, one refused");
    const [right, mistaken] = several.outcomes;
    check(right.invoice?.amount === 1, "the one that was right");
    check(mistaken.problem?.errors?.[0].pointer === "/invoices/1/amount", "the one that was wrong");

    // List: with a filter, in an order, a page after the other, with the write included.
    const consistencyToken = refunded.raw.headers.get("Consistency-Token")!;
    const list = {
        customerId, state: [InvoiceState.Open, InvoiceState.Closed], sort: InvoiceSort.AMOUNT_DESCENDING, limit: 2,
    };
    const first = await api.listInvoices({ ...list, total: true, consistencyToken });
    check(ids(first.data) === ids([lined, plain]) && first.total === 3, "the largest first");
    const last = await api.listInvoices({ ...list, cursor: first.nextCursor! });
    check(last.data.length === 1 && last.data[0].id === right.id && last.nextCursor === null, "the last page");
    const back = await api.listInvoices({ ...list, cursor: last.prevCursor! });
    check(ids(back.data) === ids(first.data), "back again");

    // Text in any script, in capitals or not, and a batch in its order. A currency that was withdrawn is none for what is new.
    const greek = { customerId, amount: 7, currency: "EUR", reference: "ΟΔΥΣΣΕΥΣ", draft: true };
    const batch = await api.createInvoices({ createInvoicesRequest: { invoices: [greek, greek, greek] } });
    const same = await api.listInvoices({ customerId, q: "οδυσσευς", sort: InvoiceSort.AMOUNT });
    check(same.data.map((found) => found.id).join() === batch.outcomes.map((made) => made.id).join(), "in its order");
    const lev = await refusal(422, "validation-failed", api.createInvoice(order({ amount: 7, currency: "BGN" })));
    check(lev.errors?.[0].code === "withdrawn-currency" && lev.errors[0].detail.includes("EUR"), "withdrawn");

    // What has happened, and how it was before.
    const events = (await api.listInvoiceEvents({ id })).data;
    check(events.length === 4 && events[1].data?.amount === 500, "four events");
    const before = await api.getInvoice({ id, revision: plain.revision });
    check(JSON.stringify(before) === JSON.stringify(plain), "as it was");

    // Not found.
    await refusal(404, "invoice-not-found", api.getInvoice({ id: randomUUID() }));

    console.log(
        "TypeScript: created, paid in parts, refused, changed, issued, withdrawn, refunded, listed, looked back");
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
