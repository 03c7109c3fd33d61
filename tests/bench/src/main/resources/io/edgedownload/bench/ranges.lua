-- Asks for ranges of one length at random aligned offsets. Arguments: length of the object, length of a range, both in bytes.
local requests = {}

function init(args)
    local object, range = tonumber(args[1]), tonumber(args[2])
    math.randomseed(tonumber(tostring(requests):match("0x(%x+)"), 16))
    for first = 0, object - 1, range do
        requests[#requests + 1] = wrk.format("GET", nil, { Range = "bytes=" .. first .. "-" .. (first + range - 1) })
    end
end

function request()
    return requests[math.random(#requests)]
end

function done(summary, latency, each)
    local errors = summary.errors
    print(string.format("MEASURED %d %d %d %d %d %d",
        summary.requests, summary.bytes, summary.duration,
        latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
