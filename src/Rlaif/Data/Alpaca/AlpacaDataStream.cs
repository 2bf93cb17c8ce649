using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// Minute bars, trades and quotes as they come. When the stream breaks it is opened and subscribed again, and what was missed is asked for:
/// bars and trades of the gap, and the latest quotes. Nothing is given twice; bars that come late or are revised say so.
/// </summary>
/// <param name="client">Has the keys and addresses, and asks for what was missed. It must outlive the stream.</param>
/// <param name="subscription">What is wanted, at least one symbol.</param>
/// <param name="status">Told what happens to the stream; null for nobody.</param>
public sealed class AlpacaDataStream(
    AlpacaDataClient client,
    AlpacaSubscription subscription,
    IProgress<AlpacaStreamStatus>? status = null
)
{
    private const string All = "*";

    // A bar is sent after its minute, and clocks differ a little: the gap is asked for with overlap, and repetitions are left out.
    private static readonly TimeSpan BarOverlap = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TradeOverlap = TimeSpan.FromSeconds(5);

    // A bar that closed so shortly before the stream began would still have been sent.
    private static readonly TimeSpan SendingTime = TimeSpan.FromSeconds(10);

    /// <summary>What comes, until the reader stops.</summary>
    /// <exception cref="RlaifInputException">Nothing is subscribed to.</exception>
    /// <exception cref="AlpacaException">The stream is refused for good: wrong keys, a feed or number of symbols that the account does not have.</exception>
    public async IAsyncEnumerable<AlpacaUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (subscription.Bars.Count + subscription.Trades.Count + subscription.Quotes.Count == 0)
        {
            throw new RlaifInputException("A stream needs at least one symbol of bars, trades or quotes.");
        }

        string address = $"{client.Options.StreamUrl.AbsoluteUri.TrimEnd('/')}/v2/{Uri.EscapeDataString(subscription.Feed)}";
        var stream = new ReconnectingStream(new Uri(address), client, OpenAsync, status);
        var seen = new SeenUpdates();
        DateTimeOffset? begun = null;
        DateTimeOffset heard = default;
        await foreach (byte[] message in stream.ReadAsync(cancellationToken))
        {
            if (message.Length == 0 && begun is { } first)
            {
                (List<AlpacaUpdate> missed, bool isFilled) = await MissedAsync(stream, seen, first, heard, cancellationToken);
                foreach (AlpacaUpdate update in missed)
                {
                    yield return update;
                }

                if (!isFilled)
                {
                    // The connection is dropped; the gap goes on from where it began.
                    continue;
                }
            }

            heard = client.ServerNow;
            begun ??= heard;
            foreach (AlpacaUpdate update in Read(message, stream, seen))
            {
                yield return update;
            }
        }
    }

    private async Task OpenAsync(StreamConnection connection, CancellationToken cancellationToken)
    {
        await ExpectAsync(connection, item => StreamText.Text(item, "msg") == "connected", cancellationToken);
        await connection.SendAsync(StreamText.Auth(client.Keys), cancellationToken);
        await ExpectAsync(connection, item => StreamText.Text(item, "msg") == "authenticated", cancellationToken);
        await connection.SendAsync(StreamText.Subscribe(subscription), cancellationToken);
        await ExpectAsync(connection, item => StreamText.Text(item, "T") == "subscription", cancellationToken);
    }

    private async Task ExpectAsync(
        StreamConnection connection,
        Func<JsonElement, bool> isExpected,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            byte[] message = await connection.ReceiveAsync(cancellationToken);
            JsonElement[] items = [.. StreamText.Items(StreamText.Parse(message))];
            foreach (JsonElement item in items)
            {
                if (StreamText.Error(item) is var (code, text))
                {
                    throw client.Errors.OfStream(code, text, client.Options.StreamUrl);
                }
            }

            if (items.Any(isExpected))
            {
                return;
            }

            connection.Keep(message);
        }
    }

    private List<AlpacaUpdate> Read(byte[] message, ReconnectingStream stream, SeenUpdates seen)
    {
        if (message.Length == 0)
        {
            return [];
        }

        var updates = new List<AlpacaUpdate>();
        try
        {
            foreach (JsonElement item in StreamText.Items(StreamText.Parse(message)))
            {
                if (StreamText.Error(item) is var (code, text))
                {
                    stream.Drop(client.Errors.OfStream(code, text, client.Options.StreamUrl));
                }
                else if (ToUpdate(item) is { } update)
                {
                    bool isRevision = StreamText.Text(item, "T") == "u";
                    updates.AddRange(seen.New(update, isRevision, client.Time.GetUtcNow()) is { } fresh ? [fresh] : []);
                }
            }
        }
        catch (JsonException)
        {
            stream.Tell(AlpacaStreamState.Unreadable, client.Errors.Line(StreamText.Beginning(message)));
        }

        return updates;
    }

    private static AlpacaUpdate? ToUpdate(JsonElement item) =>
        StreamText.Text(item, "T") switch
        {
            "b" or "u" => item.Deserialize<WireBar>(AlpacaHttp.Json) is { Symbol: { } symbol } bar
                ? AlpacaTimes.ToBar(symbol, bar, AlpacaTimeframe.Minute)
                : null,
            "t" => item.Deserialize<WireTrade>(AlpacaHttp.Json) is { Symbol: { } symbol } trade ? trade.ToTrade(symbol) : null,
            "q" => item.Deserialize<WireQuote>(AlpacaHttp.Json) is { Symbol: { } symbol } quote ? quote.ToQuote(symbol) : null,
            _ => null,
        };

    private async Task<(List<AlpacaUpdate> Missed, bool IsFilled)> MissedAsync(
        ReconnectingStream stream,
        SeenUpdates seen,
        DateTimeOffset begun,
        DateTimeOffset heard,
        CancellationToken cancellationToken
    )
    {
        var missed = new List<AlpacaUpdate>();
        try
        {
            await foreach (AlpacaUpdate update in AskAsync(seen, begun, heard, cancellationToken))
            {
                missed.AddRange(seen.New(update, isRevision: false, client.Time.GetUtcNow()) is { } fresh ? [fresh] : []);
            }

            stream.Tell(AlpacaStreamState.GapFilled, $"{missed.Count} since {heard:u}");
        }
        catch (AlpacaException e) when (e.MayRetry && e.Kind != AlpacaFailure.Malformed)
        {
            stream.Drop(e);
            return (missed, false);
        }
        catch (AlpacaException e)
        {
            stream.Tell(AlpacaStreamState.GapOpen, e.Message);
        }

        return (missed, true);
    }

    private async IAsyncEnumerable<AlpacaUpdate> AskAsync(
        SeenUpdates seen,
        DateTimeOffset begun,
        DateTimeOffset heard,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // In order of time, over all symbols: the pages are not.
        string[] barSymbols = [.. subscription.Bars.Contains(All) ? seen.BarSymbols : subscription.Bars];
        if (barSymbols.Length > 0)
        {
            var request = new AlpacaBarRequest
            {
                Symbols = barSymbols,
                From = heard - BarOverlap,
                To = client.ServerNow,
                Timeframe = AlpacaTimeframe.Minute,
                Feed = HistoricalFeed,
            };
            List<AlpacaBar> bars = await client.GetBarsAsync(request, cancellationToken).ToListAsync(cancellationToken);
            DateTimeOffset now = client.ServerNow;
            // What closed before the stream began was never its to give, and a minute that goes on is yet to be sent.
            foreach (
                AlpacaBar bar in bars.OrderBy(b => b.Bar.OpenTime)
                    .Where(b => b.Bar.CloseTime > begun - SendingTime && b.Bar.CloseTime <= now)
            )
            {
                yield return bar with
                {
                    IsBackfill = true,
                };
            }
        }

        string[] tradeSymbols = [.. subscription.Trades.Where(s => s != All)];
        if (tradeSymbols.Length > 0)
        {
            DateTimeOffset from = heard - TradeOverlap > begun ? heard - TradeOverlap : begun;
            List<AlpacaTrade> trades = await client
                .GetTradesAsync(tradeSymbols, from, client.ServerNow, HistoricalFeed, cancellationToken)
                .ToListAsync(cancellationToken);
            foreach (AlpacaTrade trade in trades.OrderBy(t => t.KnownAt))
            {
                yield return trade with
                {
                    IsBackfill = true,
                };
            }
        }

        string[] quoteSymbols = [.. subscription.Quotes.Where(s => s != All)];
        if (quoteSymbols.Length > 0)
        {
            foreach (
                AlpacaQuote quote in (await client.GetLatestQuotesAsync(quoteSymbols, HistoricalFeed, cancellationToken)).Values
            )
            {
                yield return quote with
                {
                    IsBackfill = true,
                };
            }
        }
    }

    private string HistoricalFeed => subscription.Feed == "delayed_sip" ? "sip" : subscription.Feed;
}
