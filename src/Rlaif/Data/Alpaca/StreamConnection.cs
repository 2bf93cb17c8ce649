using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// One WebSocket to Alpaca. Once it runs, messages are taken from the network as they come, whatever their reader does meanwhile: a client
/// that takes them slowly is cut off.
/// </summary>
internal sealed class StreamConnection : IAsyncDisposable
{
    private const int BufferBytes = 1 << 16;
    private const int MostMessageBytes = 1 << 24;
    private const int MostWaiting = 100_000;

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _messages = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true }
    );
    private readonly List<byte[]> _early = [];
    private Task _pump = Task.CompletedTask;

    private StreamConnection(TimeSpan silence)
    {
        // A sign of life is asked for when nothing comes: a dead network never says goodbye.
        _socket.Options.KeepAliveInterval = silence;
        _socket.Options.KeepAliveTimeout = silence;
        // No compression: the first message holds the keys, and the size of what is compressed gives secrets away.
    }

    /// <summary>Why no more messages come; null while they do.</summary>
    internal Exception? Ended { get; private set; }

    internal static async Task<StreamConnection> ConnectAsync(Uri address, TimeSpan silence, CancellationToken cancellationToken)
    {
        var connection = new StreamConnection(silence);
        try
        {
            await connection._socket.ConnectAsync(address, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, cancellationToken);

    /// <summary>The next message, of text or binary frames. Only before it runs.</summary>
    /// <exception cref="WebSocketException">The other side closed or cut the connection.</exception>
    internal async Task<byte[]> ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        using var message = new MemoryStream();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                throw new WebSocketException(
                    WebSocketError.ConnectionClosedPrematurely,
                    $"it was closed by the other side ({_socket.CloseStatusDescription ?? "no reason given"})"
                );
            }

            message.Write(buffer, 0, part.Count);
            if (message.Length > MostMessageBytes)
            {
                throw new WebSocketException(WebSocketError.HeaderError, $"a message has more than {MostMessageBytes} bytes");
            }
        } while (!part.EndOfMessage);

        return message.ToArray();
    }

    /// <summary>Keeps a message that came too early for its reader.</summary>
    internal void Keep(byte[] message) => _early.Add(message);

    /// <summary>Begins to take messages.</summary>
    internal void Run() => _pump = Task.Run(PumpAsync);

    /// <summary>The next message; null when no more come.</summary>
    internal async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        if (_early.Count > 0)
        {
            byte[] first = _early[0];
            _early.RemoveAt(0);
            return first;
        }

        return await _messages.Reader.WaitToReadAsync(cancellationToken) && _messages.Reader.TryRead(out byte[]? message)
            ? message
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                await _messages.Writer.WriteAsync(await ReceiveAsync(_stop.Token), _stop.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            Ended = e;
        }
        finally
        {
            _messages.Writer.Complete();
        }
    }
}
