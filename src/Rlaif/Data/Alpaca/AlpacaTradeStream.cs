using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// What happens to the account's orders, as it happens. When the stream breaks it is opened again, and orders that changed meanwhile are read
/// over HTTP and given as they are then (<see cref="AlpacaTradeUpdate.Snapshot"/>). Nothing is given twice.
/// </summary>
/// <param name="client">Has the keys and addresses, and reads orders after a gap. It must outlive the stream.</param>
/// <param name="status">Told what happens to the stream; null for nobody.</param>
public sealed class AlpacaTradeStream(AlpacaDataClient client, IProgress<AlpacaStreamStatus>? status = null)
{
    private const string Updates = "trade_updates";

    // Clocks differ a little; repetitions are left out.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>What comes, until the reader stops.</summary>
    /// <exception cref="AlpacaException">The stream is refused for good: wrong keys.</exception>
    public async IAsyncEnumerable<AlpacaTradeUpdate> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var stream = new ReconnectingStream(client.Options.TradeUpdatesUrl, client, OpenAsync, status);
        var seen = new SeenOrders();
        bool hasBegun = false;
        DateTimeOffset heard = default;
        await foreach (byte[] message in stream.ReadAsync(cancellationToken))
        {
            if (message.Length == 0 && hasBegun)
            {
                (List<AlpacaTradeUpdate> missed, bool isFilled) = await MissedAsync(
                    stream,
                    seen,
                    heard - Overlap,
                    cancellationToken
                );
                foreach (AlpacaTradeUpdate update in missed)
                {
                    yield return update;
                }

                if (!isFilled)
                {
                    continue;
                }
            }

            heard = client.ServerNow;
            hasBegun = true;
            if (message.Length > 0 && Read(message, stream) is { } came && seen.New(came) is { } fresh)
            {
                yield return fresh;
            }
        }
    }

    private async Task OpenAsync(StreamConnection connection, CancellationToken cancellationToken)
    {
        await connection.SendAsync(StreamText.Auth(client.Keys), cancellationToken);
        await ExpectAsync(
            connection,
            "authorization",
            data => StreamText.Text(data, "status") == "authorized",
            "unauthorized",
            cancellationToken
        );
        await connection.SendAsync(StreamText.Listen, cancellationToken);
        await ExpectAsync(
            connection,
            "listening",
            data =>
                StreamText.Member(data, "streams") is { ValueKind: JsonValueKind.Array } streams
                && streams.EnumerateArray().Any(s => s.ValueKind == JsonValueKind.String && s.GetString() == Updates),
            "no trade updates for this account",
            cancellationToken
        );
    }

    private async Task ExpectAsync(
        StreamConnection connection,
        string name,
        Func<JsonElement, bool> isGranted,
        string refusal,
        CancellationToken cancellationToken
    )
    {
        const int Unauthorized = 401;
        while (true)
        {
            byte[] message = await connection.ReceiveAsync(cancellationToken);
            JsonElement item = StreamText.Parse(message);
            if (Error(item) is { } error)
            {
                throw error;
            }

            string? stream = StreamText.Text(item, "stream");
            if (stream != name && stream != "authorization")
            {
                connection.Keep(message);
                continue;
            }

            if (stream != name || StreamText.Member(item, "data") is not { } data || !isGranted(data))
            {
                throw client.Errors.OfStream(Unauthorized, refusal, client.Options.TradeUpdatesUrl);
            }

            return;
        }
    }

    private AlpacaException? Error(JsonElement item)
    {
        const int InternalError = 500;
        return StreamText.Text(item, "action") == "error" && StreamText.Member(item, "data") is { } data
            ? client.Errors.OfStream(InternalError, StreamText.Text(data, "error_message") ?? "", client.Options.TradeUpdatesUrl)
            : null;
    }

    private AlpacaTradeUpdate? Read(byte[] message, ReconnectingStream stream)
    {
        try
        {
            JsonElement item = StreamText.Parse(message);
            if (Error(item) is { } error)
            {
                stream.Drop(error);
            }
            else if (StreamText.Text(item, "stream") == Updates && StreamText.Member(item, "data") is { } data)
            {
                return data.Deserialize<AlpacaTradeUpdate>(AlpacaHttp.Json) is { } update
                    ? update with
                    {
                        KnownAt = client.Time.GetUtcNow(),
                    }
                    : null;
            }
        }
        catch (JsonException)
        {
            stream.Tell(AlpacaStreamState.Unreadable, client.Errors.Line(StreamText.Beginning(message)));
        }

        return null;
    }

    private async Task<(List<AlpacaTradeUpdate> Missed, bool IsFilled)> MissedAsync(
        ReconnectingStream stream,
        SeenOrders seen,
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        var missed = new List<AlpacaTradeUpdate>();
        try
        {
            IReadOnlyList<AlpacaOrder> orders = await client.GetRecentOrdersAsync(cancellationToken);
            foreach (AlpacaOrder order in orders.Where(o => o.UpdatedAt >= since).OrderBy(o => o.UpdatedAt))
            {
                var snapshot = new AlpacaTradeUpdate
                {
                    Event = AlpacaTradeUpdate.Snapshot,
                    Order = order,
                    Timestamp = order.UpdatedAt,
                    KnownAt = client.Time.GetUtcNow(),
                };
                missed.AddRange(seen.New(snapshot) is { } fresh ? [fresh] : []);
            }

            stream.Tell(AlpacaStreamState.GapFilled, $"{missed.Count} orders changed since {since:u}");
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
}
