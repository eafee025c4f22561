import invoices.ApiClient;
import invoices.ApiException;
import invoices.api.InvoicesApi;
import invoices.model.CreateInvoiceRequest;
import invoices.model.InvoiceList;
import invoices.model.Problem;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

/** Makes out an invoice, pays it and finds it again, with the client that openapi-generator generates. */
public class Scenario {
    private static final ApiClient client = new ApiClient();
    private static InvoicesApi api;

    public static void main(String[] arguments) throws Exception {
        client.updateBaseUri(System.getenv("INVOICES_URL"));
        api = new InvoicesApi(client);
        var due = LocalDate.of(2030, 12, 31);

        // Create. Dates and ids are values, null is null.
        var order = new CreateInvoiceRequest()
            .customerId(UUID.randomUUID()).amount(1250L).currency("EUR").dueDate(due).reference("Order 1042");
        var created = api.createInvoiceWithHttpInfo(
            InvoicesApi.APICreateInvoiceRequest.newBuilder().createInvoiceRequest(order).build());
        var invoice = created.getData();
        check(created.getStatusCode() == 201, "created");
        check(invoice.getCustomerId().equals(order.getCustomerId()), "for the customer");
        check(invoice.getAmount() == 1250 && invoice.getDueDate().equals(due), "as ordered");
        check(invoice.getPaidAt() == null && invoice.getCreatedAt() != null, "to be paid");
        var eTag = created.getHeaders().get("etag").get(0);

        // Pay, if nothing has happened to it since. The client sends a body that is left out as null, which is refused.
        var inFull = Map.of();
        var paid = api.payInvoiceWithHttpInfo(
            InvoicesApi.APIPayInvoiceRequest.newBuilder().id(invoice.getId()).ifMatch(eTag).body(inFull).build());
        check(paid.getStatusCode() == 200 && paid.getData().getPaidAt() != null, "paid");
        check(paid.getData().getRevision() > invoice.getRevision(), "changed");

        // Conflicts: paid again, and with an ETag that is out of date.
        var again = refusal(409, () -> api.payInvoice(
            InvoicesApi.APIPayInvoiceRequest.newBuilder().id(invoice.getId()).body(inFull).build()));
        check(again.getType().toString().equals("/problems/" + again.getCode()), "a type of problem");
        refusal(412, () -> api.payInvoice(
            InvoicesApi.APIPayInvoiceRequest.newBuilder().id(invoice.getId()).ifMatch(eTag).body(inFull).build()));

        // List, a page after the other, with the write included.
        var token = paid.getHeaders().get("consistency-token").get(0);
        String cursor = null;
        boolean found = false;
        do {
            InvoiceList page = api.listInvoices(
                InvoicesApi.APIListInvoicesRequest.newBuilder().limit(200).cursor(cursor).consistencyToken(token)
                .build());
            found = page.getData().stream().anyMatch(listed -> listed.getId().equals(invoice.getId()));
            cursor = page.getNextCursor();
        } while (!found && cursor != null);
        check(found, "listed");

        // Not found.
        refusal(404, () -> api.getInvoice(
            InvoicesApi.APIGetInvoiceRequest.newBuilder().id(UUID.randomUUID()).build()));

        System.out.println("Java: created, paid, refused twice, listed, not found");
    }

    private interface Call { void run() throws ApiException; }

    /** The problem that the call is refused with. */
    private static Problem refusal(int status, Call call) throws Exception {
        try {
            call.run();
        } catch (ApiException error) {
            check(error.getCode() == status, status + ", not " + error.getCode() + ": " + error.getResponseBody());
            var problem = client.getObjectMapper().readValue(error.getResponseBody(), Problem.class);
            check(problem.getStatus() == status && !problem.getDetail().isEmpty(), "a problem that explains itself");
            return problem;
        }
        throw new AssertionError("expected " + status);
    }

    private static void check(boolean holds, String what) {
        if (!holds) throw new AssertionError("not " + what);
    }
}
