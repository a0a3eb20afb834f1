-- Cycles through the bodies of a file, one JSON text a line; at the end prints what was measured as one line of JSON.
-- A second argument says how many requests are sent in one piece; left out, one.
local requests, position = {}, 0

function init(arguments)
    local headers = { ["Content-Type"] = "application/json" }
    local piece, size = {}, tonumber(arguments[2] or 1)
    for body in io.lines(arguments[1]) do
        piece[#piece + 1] = wrk.format("POST", nil, headers, body)
        if #piece == size then
            requests[#requests + 1] = table.concat(piece)
            piece = {}
        end
    end
end

function request()
    position = position % #requests + 1
    return requests[position]
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failures": %d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
