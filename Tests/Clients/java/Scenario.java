import invoices.ApiClient;
import invoices.ApiException;
import invoices.ApiResponse;
import invoices.api.InvoicesApi;
import invoices.api.InvoicesApi.*;
import invoices.model.*;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Makes out invoices, has them paid, lists them and is refused, with the client that openapi-generator generates. */
public class Scenario {
    private static final ApiClient client = new ApiClient();
    private static final UUID customer = UUID.randomUUID();
    private static final LocalDate due = LocalDate.of(2030, 12, 31);
    private static InvoicesApi api;

    public static void main(String[] arguments) throws Exception {
        client.updateBaseUri(System.getenv("INVOICES_URL"));
        api = new InvoicesApi(client);

        // Create, of an amount. Dates and ids are values, null is null.
        var created = create(order().amount(1250L).dueDate(due).reference("Order 1042"));
        var plain = created.getData();
        check(created.getStatusCode() == 201 && plain.getCustomerId().equals(customer), "created");
        check(plain.getAmount() == 1250 && plain.getDueDate().equals(due) && plain.getLines().isEmpty(), "as ordered");
        check(plain.getState() == InvoiceState.OPEN && plain.getPaymentStatus() == PaymentStatus.UNPAID, "open");
        check(plain.getPaidAt() == null && plain.getCreatedAt() != null && plain.getNumber() != null, "to be paid");
        var eTag = header(created, "etag");

        // Create, of lines, and once: sent again with the same key, the answer is the same.
        var ofLines = APICreateInvoiceRequest.newBuilder().idempotencyKey(UUID.randomUUID().toString())
            .createInvoiceRequest(order()
                .addLinesItem(line("Consulting, hours", "1.5", 9900, 1900))
                .addLinesItem(line("Travel", "1", 4250, 700)))
            .build();
        var lined = api.createInvoice(ofLines);
        check(lined.getNetAmount() == 19100 && lined.getTaxAmount() == 3120 && lined.getAmount() == 22220, "summed");
        var replayed = api.createInvoiceWithHttpInfo(ofLines);
        check(replayed.getData().equals(lined), "the same invoice");
        check(header(replayed, "idempotency-replayed").equals("true"), "replayed");

        // Pay: a part of it if nothing has happened since, then without a body what is left.
        var payment = new PayInvoiceRequest()
            .amount(500L).method(PaymentMethod.BANK_TRANSFER).reference("E2E-7781").paidAt(OffsetDateTime.now());
        var part = api.payInvoice(APIPayInvoiceRequest.newBuilder()
            .id(plain.getId()).ifMatch(eTag).payInvoiceRequest(payment).build());
        check(part.getPaymentStatus() == PaymentStatus.PARTIALLY_PAID && part.getDueAmount() == 750, "paid in part");
        var theRest = APIPayInvoiceRequest.newBuilder().id(plain.getId()).build();
        var paid = api.payInvoice(theRest);
        check(paid.getState() == InvoiceState.CLOSED && paid.getPaymentStatus() == PaymentStatus.PAID, "paid");
        check(paid.getPaidAt() != null && paid.getRevision() > plain.getRevision(), "changed");

        // Conflicts: paid again, and with an ETag that is out of date.
        refusal(409, "invoice-already-paid", () -> api.payInvoice(theRest));
        refusal(412, "precondition-failed", () -> api.payInvoice(
            APIPayInvoiceRequest.newBuilder().id(plain.getId()).ifMatch(eTag).build()));

        // Every wrong value at once.
        var wrong = refusal(422, "validation-failed", () -> create(
            order().amount(0L).currency("EURO").reference("two\nlines")));
        var found = wrong.getErrors().stream()
            .collect(Collectors.toMap(ProblemError::getPointer, ProblemError::getCode));
        check(found.equals(Map.of(
            "/amount", "out-of-range", "/currency", "unknown-currency", "/reference", "invalid-reference")),
            "every wrong value: " + found);

        // Far too large: the answer arrives although all of it is sent first.
        refusal(413, "body-too-large", () -> create(order().amount(100L).reference("x".repeat(20_000_000))));

        // A draft: changed, issued, withdrawn. What is left out is kept.
        var draft = create(order().amount(100L).dueDate(due).draft(true)).getData();
        check(draft.getState() == InvoiceState.DRAFT && draft.getNumber() == null, "a draft");
        var revised = api.reviseInvoice(APIReviseInvoiceRequest.newBuilder()
            .id(draft.getId()).reviseInvoiceRequest(new ReviseInvoiceRequest().amount(200L)).build());
        check(revised.getAmount() == 200 && revised.getDueDate().equals(due), "changed, and nothing else");
        var issued = api.issueInvoice(APIIssueInvoiceRequest.newBuilder().id(draft.getId()).build());
        check(issued.getState() == InvoiceState.OPEN && issued.getNumber() != null, "issued");
        var withdrawn = api.voidInvoice(APIVoidInvoiceRequest.newBuilder()
            .id(draft.getId()).voidInvoiceRequest(new VoidInvoiceRequest().reason("Sent twice")).build());
        check(withdrawn.getState() == InvoiceState.VOID && withdrawn.getVoidReason().equals("Sent twice"), "void");
        refusal(409, "action-not-allowed", () -> api.payInvoice(
            APIPayInvoiceRequest.newBuilder().id(draft.getId()).build()));

        // Refund.
        var refunded = api.refundInvoiceWithHttpInfo(APIRefundInvoiceRequest.newBuilder()
            .id(plain.getId()).refundInvoiceRequest(new RefundInvoiceRequest().amount(50L)).build());
        check(refunded.getData().getPaymentStatus() == PaymentStatus.PARTIALLY_REFUNDED, "refunded in part");

        // Several at once, each with an outcome of its own.
        var several = api.createInvoices(APICreateInvoicesRequest.newBuilder().createInvoicesRequest(
            new CreateInvoicesRequest().addInvoicesItem(order().amount(1L)).addInvoicesItem(order())).build());
        check(several.getCreated() == 1 && several.getRefused() == 1, "one created, one refused");
        var outcomes = several.getOutcomes();
        check(outcomes.get(0).getInvoice().getAmount() == 1, "the one that was right");
        var mistake = outcomes.get(1).getProblem().getErrors().get(0);
        check(mistake.getPointer().equals("/invoices/1/amount"), "the one that was wrong");

        // List: with a filter, in an order, a page after the other, with the write included.
        var token = header(refunded, "consistency-token");
        var page = list().total(true).consistencyToken(token).build();
        var first = api.listInvoices(page);
        check(ids(first).equals(List.of(lined.getId(), plain.getId())) && first.getTotal() == 3, "the largest first");
        var last = api.listInvoices(list().cursor(first.getNextCursor()).build());
        check(ids(last).equals(List.of(outcomes.get(0).getId())) && last.getNextCursor() == null, "the last page");
        check(ids(api.listInvoices(list().cursor(last.getPrevCursor()).build())).equals(ids(first)), "back again");

        // Text in any script, in capitals or not, and a batch in its order. A currency that was withdrawn is none for
        // what is new.
        var greek = order().amount(7L).reference("ΟΔΥΣΣΕΥΣ").draft(true);
        var batch = api.createInvoices(APICreateInvoicesRequest.newBuilder().createInvoicesRequest(
            new CreateInvoicesRequest().addInvoicesItem(greek).addInvoicesItem(greek).addInvoicesItem(greek)).build());
        var same = api.listInvoices(APIListInvoicesRequest.newBuilder()
            .customerId(customer).q("οδυσσευς").sort(InvoiceSort.AMOUNT).build());
        check(ids(same).equals(batch.getOutcomes().stream().map(outcome -> outcome.getId()).toList()), "in its order");
        var lev = refusal(422, "validation-failed", () -> create(order().amount(7L).currency("BGN")));
        check(lev.getErrors().get(0).getCode().equals("withdrawn-currency")
            && lev.getErrors().get(0).getDetail().contains("EUR"), "withdrawn");

        // What has happened, and how it was before.
        var events = api.listInvoiceEvents(
            APIListInvoiceEventsRequest.newBuilder().id(plain.getId()).build()).getData();
        check(events.size() == 4 && events.get(1).getData().getAmount() == 500, "four events");
        check(api.getInvoice(APIGetInvoiceRequest.newBuilder()
            .id(plain.getId()).revision(plain.getRevision()).build()).equals(plain), "as it was");

        // Not found.
        refusal(404, "invoice-not-found", () -> api.getInvoice(
            APIGetInvoiceRequest.newBuilder().id(UUID.randomUUID()).build()));

        System.out.println(
            "Java: created, paid in parts, refused, changed, issued, withdrawn, refunded, listed, looked back");
    }

    private static CreateInvoiceRequest order() {
        return new CreateInvoiceRequest().customerId(customer).currency("EUR");
    }

    private static NewInvoiceLine line(String description, String quantity, long unitPrice, int taxRate) {
        return new NewInvoiceLine().description(description).quantity(quantity).unitPrice(unitPrice).taxRate(taxRate);
    }

    private static ApiResponse<Invoice> create(CreateInvoiceRequest order) throws ApiException {
        return api.createInvoiceWithHttpInfo(
            APICreateInvoiceRequest.newBuilder().createInvoiceRequest(order).build());
    }

    /** Two of the customer's invoices that are open or closed, the largest first. */
    private static APIListInvoicesRequest.Builder list() {
        return APIListInvoicesRequest.newBuilder()
            .customerId(customer).state(List.of(InvoiceState.OPEN, InvoiceState.CLOSED))
            .sort(InvoiceSort.AMOUNT_DESCENDING).limit(2);
    }

    private static List<UUID> ids(InvoiceList page) {
        return page.getData().stream().map(Invoice::getId).collect(Collectors.toList());
    }

    private static String header(ApiResponse<?> response, String name) {
        return response.getHeaders().get(name).get(0);
    }

    private interface Call { void run() throws ApiException; }

    /** The problem that the call is refused with. */
    private static Problem refusal(int status, String code, Call call) throws Exception {
        try {
            call.run();
        } catch (ApiException error) {
            check(error.getCode() == status, status + ", not " + error.getCode() + ": " + error.getResponseBody());
            var problem = client.getObjectMapper().readValue(error.getResponseBody(), Problem.class);
            check(problem.getStatus() == status && problem.getCode().equals(code), code + ": " + problem.getCode());
            check(problem.getType().toString().equals("/problems/" + code), "a type of problem");
            check(!problem.getDetail().isEmpty(), "a problem that explains itself");
            return problem;
        }
        throw new AssertionError("expected " + status);
    }

    private static void check(boolean holds, String what) {
        if (!holds) throw new AssertionError("not " + what);
    }
}
