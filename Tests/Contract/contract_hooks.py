"""What schemathesis has to know beyond openapi.yaml: values that only the service makes, and rules that no schema says.

A failure is dropped here and nowhere else, and only where the service's own answer names one of these rules.
"""

import functools
import json
import os
import re
import urllib.request

import schemathesis
from hypothesis import strategies

# Codes of wrong values that a valid schema lets through, and why it cannot do better.
BEYOND_SCHEMAS = {
    "invalid-cursor": "a cursor is opaque: only the service makes good ones",
    "invalid-consistency-token": "a token is opaque: only the service makes good ones",
    "unknown-currency": "the list of ISO 4217 changes, and clients that are generated from it would have to follow",
    "withdrawn-currency": "the same",
    "contradiction": "that two values exclude each other is said in words: generators of clients stumble over oneOf",
    "credit-too-large": "what may be taken off depends on the other lines of the same rate of tax",
    "invalid-url": "what every parser reads in the same way is said in words",
    "address-refused": "which addresses are inside is no matter of shape",
    "unknown-event-type": "which events there are is no matter of shape",
    "unknown-event": "which events the log has, only the service knows",
    "not-an-integer": "to JSON Schema 1250.0 is an integer; money is taken in the digits of an integer alone",
}
# What is done without a body, too.
WITHOUT_BODY = {f"/invoices/{{id}}/{action}" for action in ("issue", "pay", "refund")} | {
    "/webhooks/{id}/rotate-secret"}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps every failure but the refusal of a valid request for nothing but the rules above, the refusal of an invoice
    of a batch in the outcome that is for it, and null in place of a body that may be left out."""
    if type(failure).__name__ == "AcceptedNegativeData":
        if case.operation.path == "/invoices/batch":
            return response.json()["refused"] == 0
        # Some generated clients send null for no body; with null among its types, others do not make the body optional.
        return case.operation.path not in WITHOUT_BODY or response.request.body != b"null"
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    problem = response.json()
    if problem.get("code") == "idempotency-key-reused":
        return False  # It is about the request before, and schemathesis sends the same value with all of them.
    errors = problem.get("errors", [])
    return not errors or not all(
        error["code"] in BEYOND_SCHEMAS or is_about_contents(error) for error in errors)


def is_about_contents(error):
    """An invoice is of an amount or of lines, each and all of them in bounds, and neither its date nor a payment is of
    another age: arithmetic, and what generators of clients stumble over. So is that a replay says from where."""
    place = re.sub(r"/lines/\d+$", "/lines", error.get("pointer", "")).rsplit("/")[-1]
    return (error["code"], place) in {
        ("required", "amount"), ("required", "lines"), ("out-of-range", "lines"), ("out-of-range", "paidAt"),
        ("out-of-range", "issueDate"), ("required", "afterPosition")}


@schemathesis.hook
def before_load_schema(context, schema):
    """Marks what has to be more than a string of its shape, so that most requests get as far as the invoices."""
    for value in objects(schema):
        if value.get("pattern") == "^[A-Z]{3}$":
            value["format"] = "currency"
        elif value.get("pattern", "").startswith("^[Hh][Tt]"):
            value["format"] = "webhook-url"
        elif isinstance(value.get("eventTypes"), dict) and "items" in value["eventTypes"]:
            value["eventTypes"]["items"] = {"type": "string", "format": "event-type"}
        elif value.get("name") in ("Consistency-Token", "cursor") and "schema" in value:
            # In place of a reference, if it is one: other uses of the schema are the answers'.
            value["schema"] = {"type": "string", "maxLength": 128, "format": value["name"].lower()}
        elif value.get("name") in ("If-Match", "If-None-Match") and "schema" in value:
            # schemathesis 4.32 sends `0` in its coverage phase, whatever the header's pattern says.
            value["schema"] = {"type": "string", "format": "entity-tag"}
        elif value.get("name") == "Idempotency-Key":
            # The same key with every example would have all but the first of them refused.
            del value["example"]


def objects(value):
    """Every object in a JSON value, outermost first."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from objects(child)


def request(method, path, body=None):
    """What the service answers to a request of ours."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if data else {}
    address = os.environ["INVOICES_URL"] + path
    return urllib.request.urlopen(urllib.request.Request(address, data, headers, method=method), timeout=20)


@functools.cache
def made_by_the_service():
    """A consistency token and a cursor, as a client gets them."""
    for _ in range(2):
        created = request("POST", "/invoices", {"customerId": "0190a1b2-0000-7000-8000-00000000c001", "amount": 1250})
    return created.headers["Consistency-Token"], json.load(request("GET", "/invoices?limit=1"))["nextCursor"]


# Names that never have an address (RFC 6761, section 6.4): nothing is sent anywhere.
schemathesis.openapi.format("webhook-url", strategies.sampled_from(
    ["https://hooks.invalid", "https://hooks.invalid:8443/invoices?a=1", "HTTPS://Hooks.Invalid/"]))
schemathesis.openapi.format("event-type", strategies.sampled_from(
    ["*", "invoices.invoice.*", "invoices.invoice.voided.v1", "invoices.invoice.issued.v1"]))
schemathesis.openapi.format("entity-tag", strategies.sampled_from(["*", '"0"', '"1"', '"0", "1"']))
schemathesis.openapi.format("currency", strategies.sampled_from(["EUR", "USD", "JPY", "KWD"]))
schemathesis.openapi.format("consistency-token", strategies.builds(lambda: made_by_the_service()[0]))
schemathesis.openapi.format("cursor", strategies.builds(lambda: made_by_the_service()[1]))
