-- Asks about as many different customers as it is told, over and over, in an order that no cache can foresee; at the end
-- prints what was measured as one line of JSON. The number is a power of two. decorators.py asks about the same ones.
local count, number, head = 0, 0, ""
local body = '{"age":%d,"sex":"female","bmi":%.5f,"children":%d,"smoker":false,"region":"northwest"}'

local function customer(number)
    return string.format(body, 18 + number % 47, 15 + number * 0.00003, number % 6)
end

function init(arguments)
    count = tonumber(arguments[1])
    -- Every customer has as many bytes, so that the head is the same.
    local first = customer(0)
    local whole = wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, first)
    head = whole:sub(1, #whole - #first)
end

function request()
    -- Goes through all numbers before one comes again (Hull and Dobell, 1962).
    number = (number * 1664525 + 1013904223) % count
    return head .. customer(number)
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failures": %d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
