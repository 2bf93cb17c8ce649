using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>A line to an exchange that breaks in the order of a list of faults, over and over; zeros are requests that it carries.</summary>
internal sealed class BrokenLine(AlpacaExchange exchange, int[] faults)
{
    private readonly ConcurrentQueue<AlpacaServer.Asked> _late = new();
    private int _next = -1;

    public bool IsWhole { get; set; }

    public async Task<bool> AnswerAsync(AlpacaServer.Asked asked, HttpContext http)
    {
        // What is on its way may still arrive after it was asked for; before what is sent after it.
        while (asked.Method != "GET" && _late.TryDequeue(out AlpacaServer.Asked? late))
        {
            exchange.Answer(late);
        }

        int fault = IsWhole ? 0 : faults[Interlocked.Increment(ref _next) % faults.Length];
        switch (fault)
        {
            case 1:
                return await AlpacaServer.RefuseAsync(http, 429, "rate limit exceeded");
            case 2:
                return await AlpacaServer.PageAsync(http, 503, $"<html>maintenance {AlpacaServer.Secret}</html>");
            case 3:
                exchange.Answer(asked);
                return await AlpacaServer.RefuseAsync(http, 500, $"internal error {AlpacaServer.Secret}");
            case 4:
                exchange.Answer(asked);
                http.Abort();
                return true;
            case 5:
                http.Abort();
                return true;
            case 6 when asked.Method != "GET":
                _late.Enqueue(asked);
                http.Abort();
                return true;
            case 7:
                exchange.Answer(asked);
                return await AlpacaServer.PageAsync(http, 200, "{\"id\": \"");
            default:
                return false;
        }
    }
}
