using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Rlaif.Cli;

/// <summary>
/// Posts to hooks. Redirects are not followed, because they would carry what is told to another host; no text has an address in it; and what a hook answers is not
/// trusted to be short or free of secrets.
/// </summary>
internal sealed class HookClient : IDisposable
{
    private const int MostAnswerBytes = 4096;
    private const int MostAnswerShown = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly SecretScrubber _scrubber;

    public HookClient(TimeProvider time, SecretScrubber scrubber)
    {
        (_time, _scrubber) = (time, scrubber);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // The ids of our activities are nobody else's business.
                ActivityHeadersPropagator = null,
            }
        )
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = MostAnswerBytes,
        };
    }

    /// <summary>Posts one message; whatever the world does comes back as an answer.</summary>
    public async Task<HookAnswer> PostAsync(Hook hook, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new StringContent(body.ToJsonString(RlaifJson.Compact), Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, hook.Address) { Content = content };
            using HttpResponseMessage reply = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            string said = reply.IsSuccessStatusCode ? string.Empty : await ReadAsync(reply, cancellationToken);
            return new HookAnswer(
                reply.IsSuccessStatusCode,
                reply.StatusCode
                    is HttpStatusCode.BadRequest
                        or HttpStatusCode.RequestEntityTooLarge
                        or HttpStatusCode.UnprocessableContent,
                RetryDelay.Asked(reply.Headers, _time.GetUtcNow()),
                $"{(int)reply.StatusCode} {reply.StatusCode}{said}"
            );
        }
        catch (HttpRequestException e)
        {
            // The message of the exception may have the address in it.
            return new HookAnswer(false, false, null, $"no connection ({e.HttpRequestError})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HookAnswer(false, false, null, $"no answer within {Patience.TotalSeconds} seconds");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string> ReadAsync(HttpResponseMessage reply, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MostAnswerBytes];
        await using Stream body = await reply.Content.ReadAsStreamAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit.Token);
        // Scrubbed before it is cut: half a secret is one, too.
        string text = _scrubber.Scrub(Encoding.UTF8.GetString(buffer, 0, length).ReplaceLineEndings(" ").Trim());
        return text.Length == 0 ? string.Empty : $": {text[..Math.Min(text.Length, MostAnswerShown)]}";
    }
}
