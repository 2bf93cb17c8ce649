using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// The messages of a stream that is opened again when it breaks, with growing waits, until its reader stops or it is refused for good. Each
/// opening is announced by an empty message, so that its reader can ask for what was missed.
/// </summary>
/// <param name="address">Where it is.</param>
/// <param name="client">Has options, keys, clock and waits.</param>
/// <param name="open">Authenticates and subscribes on a fresh connection.</param>
/// <param name="status">Told what happens; null for nobody.</param>
internal sealed class ReconnectingStream(
    Uri address,
    AlpacaDataClient client,
    Func<StreamConnection, CancellationToken, Task> open,
    IProgress<AlpacaStreamStatus>? status
)
{
    private AlpacaException? _drop;

    /// <summary>Ends the connection for a reason that its reader has found: for good if trying again is useless.</summary>
    internal void Drop(AlpacaException reason) => _drop = reason;

    internal void Tell(AlpacaStreamState state, string detail) =>
        status?.Report(new AlpacaStreamStatus(state, client.Time.GetUtcNow(), detail));

    /// <summary>The messages; an empty one for each opening.</summary>
    /// <exception cref="AlpacaException">It is refused for good, or failed to open too often.</exception>
    internal async IAsyncEnumerable<byte[]> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int failures = 0;
        while (true)
        {
            (StreamConnection? connection, AlpacaException? refusal) = await TryOpenAsync(cancellationToken);
            if (connection is not null)
            {
                await using (connection)
                {
                    Tell(AlpacaStreamState.Opened, AlpacaErrors.Place(address));
                    yield return [];
                    // One that opens and breaks at once, again and again, is no better than one that does not open.
                    while (_drop is null && await connection.NextAsync(cancellationToken) is { } message)
                    {
                        failures = 0;
                        yield return message;
                    }
                }

                refusal = _drop ?? client.Errors.Broken(address, connection.Ended ?? new IOException("it ended"));
                _drop = null;
            }

            failures++;
            if (!refusal!.MayRetry || failures > client.Options.MostReconnects)
            {
                throw refusal;
            }

            Tell(AlpacaStreamState.Lost, refusal.Message);
            await Task.Delay(client.BackOff(failures), client.Time, cancellationToken);
        }
    }

    private async Task<(StreamConnection? Connection, AlpacaException? Refusal)> TryOpenAsync(CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(client.Options.TimeoutSeconds);
        using var late = new CancellationTokenSource(patience, client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        StreamConnection? connection = null;
        try
        {
            connection = await StreamConnection.ConnectAsync(
                address,
                TimeSpan.FromSeconds(client.Options.SilenceSeconds),
                either.Token
            );
            await open(connection, either.Token);
            connection.Run();
            return (connection, null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Refusal(e, patience) is { } refusal)
        {
            await DisposeAsync(connection);
            return (null, refusal);
        }
        catch
        {
            await DisposeAsync(connection);
            throw;
        }
    }

    private AlpacaException? Refusal(Exception e, TimeSpan patience) =>
        e switch
        {
            AlpacaException refusal => refusal,
            OperationCanceledException => AlpacaErrors.TimedOut(address, patience, e),
            WebSocketException or IOException or HttpRequestException => client.Errors.Broken(address, e),
            System.Text.Json.JsonException => client.Errors.Unreadable(address, "it is no JSON", e),
            _ => null,
        };

    private static async Task DisposeAsync(StreamConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
