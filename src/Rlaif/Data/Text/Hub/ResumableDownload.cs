using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Rlaif.Data.Text.Hub;

/// <summary>
/// Downloads a file over HTTP into <c>FILE.part</c>, goes on where it was cut (<c>Range</c> with <c>If-Range</c>, so that a file that has
/// changed meanwhile is begun again), tries again where that may help, checks length and hash, and only then gives the file its name.
/// </summary>
/// <param name="http">Sends requests; must not follow redirects itself, because the hub names a file's hash in the first reply only.</param>
/// <param name="time">Measures waits.</param>
/// <param name="patience">How long nothing may come before a try is given up.</param>
internal sealed class ResumableDownload(HttpClient http, TimeProvider time, TimeSpan patience)
{
    // Tries in a row that bring nothing; and, for a server that brings a little each time, tries in all.
    private const int MostFailures = 5;
    private const int MostTries = 100;

    private const int MostRedirects = 10;
    private const long MostBytes = int.MaxValue;
    private const int BufferBytes = 1 << 16;
    private const int JitterSeed = 503;

    private readonly DeterministicRandom _jitter = new(JitterSeed);

    /// <summary>Downloads a file.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="target">What it shall be called.</param>
    /// <param name="expected">The hash that it must have; null for what the server states, if it does.</param>
    /// <param name="progress">Told bytes done and in all, null when the server does not say.</param>
    /// <param name="cancellationToken">Stops; what came is kept for the next time.</param>
    /// <returns>Its size and hash, and whether the server stated that hash.</returns>
    /// <exception cref="DownloadException">It cannot be had, or its length or hash is wrong.</exception>
    public async Task<(long Size, string Sha256, bool IsStated)> GetAsync(
        Uri address,
        string target,
        string? expected,
        Action<long, long?> progress,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var part = new PartFile(target);
        Stated stated = await FetchAsync(address, part, progress, cancellationToken);
        string hash;
        await using (FileStream content = part.Read())
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }

        string wanted = expected ?? stated.Sha256 ?? hash;
        if (hash != wanted)
        {
            part.Delete();
            string by = expected is null ? "the server states" : "it must be";
            throw new DownloadException(
                $"{address} has the wrong content: its sha256 is {hash}, {by} {wanted}. It was thrown away."
            );
        }

        long size = part.Length;
        part.Finish();
        return (size, hash, stated.Sha256 == hash);
    }

    private async Task<Stated> FetchAsync(
        Uri address,
        PartFile part,
        Action<long, long?> progress,
        CancellationToken cancellationToken
    )
    {
        int failures = 0;
        for (int tries = 1; ; tries++)
        {
            long before = part.Length;
            try
            {
                return await TryAsync(address, part, progress, cancellationToken);
            }
            catch (Exception e) when (IsPassing(e) && !cancellationToken.IsCancellationRequested)
            {
                failures = part.Length > before ? 1 : failures + 1;
                if (failures >= MostFailures || tries >= MostTries)
                {
                    string reason = e is OperationCanceledException ? $"nothing came for {patience.TotalSeconds:0} s" : e.Message;
                    throw new DownloadException(
                        $"{address} cannot be had after {tries} tries: {reason}. What came is kept; the same command goes on.",
                        e
                    );
                }

                TimeSpan wait = (e as RetryException)?.After ?? RetryDelay.BackOff(failures, _jitter.NextDouble());
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    // A time-out of ours is a cancellation that the caller did not ask for. Errors of the disk are not passing.
    private static bool IsPassing(Exception e) =>
        e is HttpRequestException or HttpIOException or RetryException or OperationCanceledException
        || e is IOException { InnerException: SocketException };

    private async Task<Stated> TryAsync(
        Uri address,
        PartFile part,
        Action<long, long?> progress,
        CancellationToken cancellationToken
    )
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var stated = new Stated();
        using HttpResponseMessage response = await SendAsync(address, part, stated, either.Token);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return stated;
        }

        bool isRest = response.StatusCode == HttpStatusCode.PartialContent;
        if (isRest && response.Content.Headers.ContentRange?.From != part.Length)
        {
            part.Delete();
            throw new RetryException("the server sent another part than was asked for");
        }

        if (!isRest)
        {
            part.Begin(response.Headers.ETag);
        }

        long? total = part.Length + response.Content.Headers.ContentLength;
        await using (FileStream file = part.Append())
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(either.Token);
            byte[] buffer = new byte[BufferBytes];
            late.CancelAfter(patience);
            while (await body.ReadAsync(buffer, either.Token) is > 0 and var read)
            {
                late.CancelAfter(patience);
                await file.WriteAsync(buffer.AsMemory(0, read), either.Token);
                progress(file.Length, total ?? stated.Size);
                if (file.Length > Math.Min(MostBytes, stated.Size ?? MostBytes))
                {
                    break;
                }
            }
        }

        RequireSize(address, part, stated.Size);

        return (total ?? stated.Size) is { } size && size != part.Length
            ? throw new RetryException($"{part.Length} of {size} bytes came")
            : stated;
    }

    private static void RequireSize(Uri address, PartFile part, long? stated)
    {
        long most = Math.Min(MostBytes, stated ?? MostBytes);
        if (part.Length > most)
        {
            part.Delete();
            string limit = stated is null ? "are allowed" : "are what its server states";
            throw new DownloadException($"{address} is too large: {most} bytes {limit}. It was thrown away.");
        }
    }

    /// <summary>Asks, follows redirects, and notes what the replies state. What is returned brings content, or says that what is there is the file.</summary>
    private async Task<HttpResponseMessage> SendAsync(Uri address, PartFile part, Stated stated, CancellationToken token)
    {
        Uri at = address;
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (part.Tag is { } tag && part.IsWhole)
            {
                request.Headers.IfNoneMatch.Add(tag);
            }
            else if (part.Tag is { } version && part.Length > 0)
            {
                request.Headers.Range = new RangeHeaderValue(part.Length, null);
                request.Headers.IfRange = new RangeConditionHeaderValue(version);
            }

            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            stated.Note(response);
            bool isThere = response.StatusCode == HttpStatusCode.NotModified && part.IsWhole;
            if (isThere || response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
            {
                return response;
            }

            using (response)
            {
                at = Next(at, response, part);
            }
        }

        throw new DownloadException($"{address} leads from one address to the next without end.");
    }

    private Uri Next(Uri at, HttpResponseMessage response, PartFile part)
    {
        int status = (int)response.StatusCode;
        if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
        {
            var next = new Uri(at, location);
            bool isAllowed = next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && at.Scheme == next.Scheme);
            return isAllowed
                ? next
                : throw new DownloadException($"{at} leads to {next}, which is not followed: https is needed.");
        }

        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            part.Delete();
            throw new RetryException("the server does not have the rest of what came before");
        }

        throw status is 408 or 429 or >= 500
            ? new RetryException(
                $"the server answers {status} ({response.ReasonPhrase})",
                RetryDelay.Asked(response.Headers, time.GetUtcNow())
            )
            : new DownloadException($"{at} cannot be had: the server answers {status} ({response.ReasonPhrase}).");
    }

    /// <summary>What the replies say of the file: Hugging Face names the hash of large files in headers of its own.</summary>
    private sealed class Stated
    {
        private const int HashCharacters = 64;

        public string? Sha256 { get; private set; }

        public long? Size { get; private set; }

        public void Note(HttpResponseMessage response)
        {
            string? linked = Header(response, "X-Linked-ETag") ?? response.Headers.ETag?.Tag;
            string tag = linked?.Trim('"') ?? "";
            Sha256 ??= tag.Length == HashCharacters && tag.All(char.IsAsciiHexDigit) ? tag.ToLowerInvariant() : null;
            Size ??= long.TryParse(Header(response, "X-Linked-Size"), out long size) && size >= 0 ? size : null;
        }

        private static string? Header(HttpResponseMessage response, string name) =>
            response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
    }

    private sealed class RetryException(string message, TimeSpan? after = null) : Exception(message)
    {
        public TimeSpan? After => after;
    }
}
