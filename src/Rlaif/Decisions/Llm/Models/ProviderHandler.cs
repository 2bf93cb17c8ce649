namespace Rlaif.Decisions.Llm.Models;

/// <summary>
/// What the providers' clients send their requests through. Errors become <see cref="ModelCallException"/>s here, where status, headers
/// and body are still at hand, and silence becomes a time-out: whatever arrives counts, also the signs of life of a model that thinks.
/// </summary>
internal sealed class ProviderHandler(
    HttpMessageHandler inner,
    CallErrors errors,
    bool sendKey,
    TimeSpan timeout,
    TimeProvider clock
) : DelegatingHandler(inner)
{
    private const int MostErrorBytes = 16 * 1024;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!sendKey)
        {
            // The clients insist on a key; a server without one is not shown the stand-in.
            request.Headers.Authorization = null;
            request.Headers.Remove("x-api-key");
        }

        HttpResponseMessage response = await InTimeAsync(t => base.SendAsync(request, t), cancellationToken);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            using (response)
            {
                throw await ErrorAsync(response, body, cancellationToken);
            }
        }

        var content = new StreamContent(new IdleTimeoutStream(body, this));
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = content;
        return response;
    }

    /// <summary>Does one step of a call, and gives it up when it takes longer than the time-out.</summary>
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw errors.TimedOut(timeout);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw errors.Broken(e);
        }
    }

    private async Task<ModelCallException> ErrorAsync(
        HttpResponseMessage response,
        Stream body,
        CancellationToken cancellationToken
    )
    {
        var beginning = new byte[MostErrorBytes];
        int length = await InTimeAsync(
            t => body.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, t).AsTask(),
            cancellationToken
        );
        bool retryForbidden =
            response.Headers.TryGetValues("x-should-retry", out IEnumerable<string>? values)
            && values.First().Equals("false", StringComparison.OrdinalIgnoreCase);
        return errors.OfStatus(
            (int)response.StatusCode,
            System.Text.Encoding.UTF8.GetString(beginning, 0, length),
            RetryDelay.Asked(response.Headers, clock.GetUtcNow()),
            retryForbidden
        );
    }

    // Only what the clients use is there: reading without blocking.
    private sealed class IdleTimeoutStream(Stream inner, ProviderHandler owner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(owner.InTimeAsync(t => inner.ReadAsync(buffer, t).AsTask(), cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
