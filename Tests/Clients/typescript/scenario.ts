// Makes out an invoice, pays it and finds it again, with the client that openapi-generator generates.

import { Configuration, InvoicesApi, Problem, ProblemFromJSON, ResponseError } from "./client";

// What of Node.js is used; its own types are not among what is installed.
declare const process: { env: Record<string, string>; exit(code: number): never };
declare const require: (module: string) => { randomUUID(): string };
const { randomUUID } = require("crypto");

const api = new InvoicesApi(new Configuration({ basePath: process.env.INVOICES_URL }));

function check(holds: boolean, what: string): void {
    if (!holds) throw new Error(`not ${what}`);
}

/** The problem that the call is refused with. */
async function refusal(status: number, call: Promise<unknown>): Promise<Problem> {
    try {
        await call;
    } catch (error) {
        if (!(error instanceof ResponseError)) throw error;
        const problem = ProblemFromJSON(await error.response.json());
        check(error.response.status === status && problem.status === status, `${status}: ${problem.detail}`);
        return problem;
    }
    throw new Error(`expected ${status}`);
}

async function main(): Promise<void> {
    // Create. Dates are values, null is null.
    const customerId = randomUUID();
    const dueDate = new Date("2030-12-31");
    const created = await api.createInvoiceRaw({
        createInvoiceRequest: { customerId, amount: 1250, currency: "EUR", dueDate, reference: "Order 1042" },
    });
    const invoice = await created.value();
    check(created.raw.status === 201, "created");
    check(invoice.customerId === customerId && invoice.amount === 1250, "as ordered");
    check(invoice.dueDate?.getTime() === dueDate.getTime(), "due as ordered");
    check(invoice.paidAt === null && invoice.createdAt instanceof Date, "to be paid");

    // Pay, if nothing has happened to it since.
    const ifMatch = created.raw.headers.get("ETag")!;
    const paid = await api.payInvoiceRaw({ id: invoice.id, ifMatch });
    const receipt = await paid.value();
    check(receipt.paidAt instanceof Date && receipt.revision > invoice.revision, "paid");

    // Conflicts: paid again, and with an ETag that is out of date.
    const again = await refusal(409, api.payInvoice({ id: invoice.id }));
    check(again.type === `/problems/${again.code}` && again.detail !== "", "a problem that explains itself");
    await refusal(412, api.payInvoice({ id: invoice.id, ifMatch }));

    // List, a page after the other, with the write included.
    const consistencyToken = paid.raw.headers.get("Consistency-Token")!;
    let cursor: string | undefined;
    let found = false;
    do {
        const page = await api.listInvoices({ limit: 200, cursor, consistencyToken });
        found = page.data.some((listed) => listed.id === invoice.id);
        cursor = page.nextCursor ?? undefined;
    } while (!found && cursor !== undefined);
    check(found, "listed");

    // Not found.
    await refusal(404, api.getInvoice({ id: randomUUID() }));

    console.log("TypeScript: created, paid, refused twice, listed, not found");
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
