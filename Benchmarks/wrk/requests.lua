-- Sends the requests of a file, each thread a share of its own, and prints what came of them.
--
--   wrk … --script requests.lua URL -- FILE THREADS again|once
--
-- A line of the file is METHOD PATH, and perhaps a body in JSON. With `once` no request is sent twice: when all are sent,
-- the next one asks for what does not exist, so that a run that was too long counts as failed.
--
-- Prints requests, microseconds, failures, and for each latency in microseconds how often it occurred.

local threads = 0

function setup(thread)
    thread:set("share", threads)
    threads = threads + 1
end

local requests, sent, again = {}, 0, true

function init(args)
    local number, of = 0, tonumber(args[2])
    again = args[3] == "again"
    for line in io.lines(args[1]) do
        if number % of == share then
            local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
            local headers = body ~= "" and { ["Content-Type"] = "application/json" } or {}
            requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
        end
        number = number + 1
    end
end

function request()
    sent = sent + 1
    if again then return requests[(sent - 1) % #requests + 1] end
    return requests[sent] or wrk.format("GET", "/all-requests-were-sent")
end

function done(summary, latency)
    local errors = summary.errors
    local failures = errors.connect + errors.read + errors.write + errors.timeout + errors.status
    io.write("result ", summary.requests, " ", summary.duration, " ", failures, "\n")
    for index = 1, #latency do
        local value, count = latency(index)
        io.write("latency ", value, " ", count, "\n")
    end
end
