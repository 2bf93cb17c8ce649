using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// Requests to Alpaca: keys in headers, patience, rate limits, and another try where that may help and cannot harm. Redirects are not
/// followed, because they would carry the keys to another host.
/// </summary>
internal sealed class AlpacaHttp : IDisposable
{
    private const int MostErrorBytes = 4096;
    private const int JitterSeed = 429;

    // The header Date has whole seconds, and the reply was under way: less is no difference of clocks.
    private static readonly TimeSpan SmallestSkew = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http;
    private readonly AlpacaKeys _keys;
    private readonly AlpacaOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, RequestQuota> _quotas = new(StringComparer.Ordinal);
    private readonly DeterministicRandom _jitter = new(JitterSeed);
    private readonly Lock _lock = new();
    private TimeSpan _skew;

    internal AlpacaHttp(AlpacaKeys keys, AlpacaOptions options, TimeProvider time)
    {
        (_keys, _options, _time) = (keys, options.Validated(), time);
        Errors = new AlpacaErrors(keys);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    internal AlpacaErrors Errors { get; }

    /// <summary>How much the host's clock was ahead of this machine's at the last reply; zero within two seconds.</summary>
    internal TimeSpan Skew
    {
        get
        {
            lock (_lock)
            {
                return _skew;
            }
        }
    }

    /// <summary>Whole numbers and decimals come as numbers from market data and as strings from trading.</summary>
    internal static JsonSerializerOptions Json { get; } = CreateJson();

    /// <summary>Asks, and reads the reply.</summary>
    /// <exception cref="AlpacaException">It cannot be had.</exception>
    internal Task<T> GetAsync<T>(Uri address, CancellationToken cancellationToken) =>
        RepeatAsync<T>(HttpMethod.Get, address, cancellationToken);

    /// <summary>Takes something away; asked for twice it is the same as once.</summary>
    /// <exception cref="AlpacaException">It was refused, or nobody knows whether it was done.</exception>
    internal async Task DeleteAsync(Uri address, CancellationToken cancellationToken) =>
        await RepeatAsync<JsonElement>(HttpMethod.Delete, address, cancellationToken);

    /// <summary>Sends something that must not be done twice: once, whatever happens.</summary>
    /// <exception cref="AlpacaException">It was refused; or, where <see cref="AlpacaException.MayRetry"/>, nobody knows whether it was done.</exception>
    internal async Task<T> SendOnceAsync<T>(HttpMethod method, Uri address, JsonObject body, CancellationToken cancellationToken)
    {
        RequestQuota quota = QuotaOf(address);
        await quota.TakeAsync(cancellationToken);
        return await TryAsync<T>(method, address, body, quota, cancellationToken);
    }

    private RequestQuota QuotaOf(Uri address) => _quotas.GetOrAdd(address.Authority, _ => new RequestQuota(_time));

    private async Task<T> RepeatAsync<T>(HttpMethod method, Uri address, CancellationToken cancellationToken)
    {
        RequestQuota quota = QuotaOf(address);
        for (int failures = 1; ; failures++)
        {
            await quota.TakeAsync(cancellationToken);
            try
            {
                return await TryAsync<T>(method, address, null, quota, cancellationToken);
            }
            catch (AlpacaException e) when (e.MayRetry && failures <= _options.Retries)
            {
                await Task.Delay(e.RetryAfter ?? BackOff(failures), _time, cancellationToken);
            }
        }
    }

    /// <summary>The wait after so many failures in a row.</summary>
    internal TimeSpan BackOff(int failures)
    {
        lock (_lock)
        {
            return RetryDelay.BackOff(failures, _jitter.NextDouble());
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> TryAsync<T>(
        HttpMethod method,
        Uri address,
        JsonObject? body,
        RequestQuota quota,
        CancellationToken cancellationToken
    )
    {
        var patience = TimeSpan.FromSeconds(_options.TimeoutSeconds);
        using var late = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await SendAsync(method, address, body, either.Token);
            DateTimeOffset hostNow = NoteClock(response);
            quota.Note(response.Headers, hostNow);
            if (method == HttpMethod.Delete && response.StatusCode == HttpStatusCode.NoContent)
            {
                return default!;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                string said = await BeginningAsync(response, either.Token);
                TimeSpan? wait = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                    ? RequestQuota.Asked(response.Headers, hostNow)
                    : null;
                throw Errors.OfStatus(response.StatusCode, said, address, wait);
            }

            await using Stream content = await response.Content.ReadAsStreamAsync(either.Token);
            return await JsonSerializer.DeserializeAsync<T>(content, Json, either.Token)
                ?? throw Errors.Unreadable(address, "it is null");
        }
        catch (JsonException e)
        {
            throw Errors.Unreadable(address, $"{e.Path}: {e.Message.Split('.')[0]}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw AlpacaErrors.TimedOut(address, patience, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Errors.Broken(address, e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        JsonObject? body,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null)
        {
            // With a body the handler never sends again by itself, as it may on a connection that was idle.
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        request.Headers.Add("APCA-API-KEY-ID", _keys.Id);
        request.Headers.Add("APCA-API-SECRET-KEY", _keys.Secret);
        request.Headers.Accept.ParseAdd("application/json");
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private DateTimeOffset NoteClock(HttpResponseMessage response)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (response.Headers.Date is not { } date)
        {
            return now;
        }

        TimeSpan skew = date - now;
        lock (_lock)
        {
            _skew = skew.Duration() > SmallestSkew ? skew : TimeSpan.Zero;
            return now + _skew;
        }
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MostErrorBytes];
        int read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            RespectNullableAnnotations = true,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
