using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Anthropic.Exceptions;
using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>
/// A client that keeps to limits, tries again where that may help, and fails with a <see cref="ModelCallException"/>. It always streams,
/// so that a dead connection is noticed, and brings whole replies only: nothing of a try that failed is in them.
/// </summary>
/// <param name="inner">The provider's client.</param>
/// <param name="options">Tries and time-outs.</param>
/// <param name="limiter">The limits, shared by all clients of the model.</param>
/// <param name="errors">Describes what goes wrong.</param>
/// <param name="clock">Measures waits.</param>
internal sealed class ResilientChatClient(
    IChatClient inner,
    ModelOptions options,
    CallLimiter limiter,
    CallErrors errors,
    TimeProvider clock
) : DelegatingChatClient(inner)
{
    // A try that still sends signs of life after ten time-outs will not end.
    private const int LongestTry = 10;

    // More characters per token than any language or JSON has: beyond, the server does not keep the limit of tokens.
    private const int MostCharactersPerToken = 32;

    // Reporting every token would copy the text as often.
    private const int CharactersPerReport = 40;

    private const int DefaultOutputTokens = 8_000;
    private const int JitterSeed = 429;

    private readonly DeterministicRandom _jitter = new DeterministicRandom(JitterSeed).Fork(options.Model);
    private readonly Lock _jitterGate = new();

    /// <summary>Asks for a whole reply.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="chatOptions">The options.</param>
    /// <param name="textSoFar">Told the text as it grows; it starts over when a try fails. Null to be told nothing.</param>
    /// <param name="beforeNextPaidTry">
    /// Called before a try that follows one that may have been charged: the next is charged on top. What it throws ends the call. Null to be
    /// told nothing.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ModelCallException">No try brought a reply.</exception>
    public async Task<ChatResponse> AskAsync(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? chatOptions,
        IProgress<string>? textSoFar,
        Func<Task>? beforeNextPaidTry,
        CancellationToken cancellationToken
    )
    {
        long tokens = TokenEstimate.Of(messages, chatOptions) + (chatOptions?.MaxOutputTokens ?? DefaultOutputTokens);
        bool charged = false;
        for (int tries = 1; ; tries++)
        {
            TimeSpan wait;
            bool mayBePaid;
            using (CallLimiter.Place place = await limiter.EnterAsync(tokens, cancellationToken))
            {
                try
                {
                    ChatResponse response = await TryAsync(messages, chatOptions, textSoFar, cancellationToken);
                    place.Succeeded(response.Usage is { } u ? (u.InputTokenCount ?? 0) + (u.OutputTokenCount ?? 0) : null);
                    return response;
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && Failure(e) is { } failure)
                {
                    mayBePaid = failure.MayBeCharged;
                    charged |= mayBePaid;
                    wait = Wait(failure, tries, place);
                    if (!failure.MayRetry || tries > options.Retries)
                    {
                        throw failure.After(tries, charged);
                    }
                }
            }

            await Task.Delay(wait, clock, cancellationToken);
            if (mayBePaid && beforeNextPaidTry is not null)
            {
                await beforeNextPaidTry();
            }
        }
    }

    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => AskAsync([.. messages], options, textSoFar: null, beforeNextPaidTry: null, cancellationToken);

    /// <summary>The updates of a whole reply: none comes before all are there.</summary>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ChatResponse response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (ChatResponseUpdate update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    private async Task<ChatResponse> TryAsync(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? chatOptions,
        IProgress<string>? textSoFar,
        CancellationToken cancellationToken
    )
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds * LongestTry), clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        long most = (long)(chatOptions?.MaxOutputTokens ?? DefaultOutputTokens) * MostCharactersPerToken;
        long characters = 0;
        int reported = 0;
        var updates = new List<ChatResponseUpdate>();
        var text = new StringBuilder();
        await foreach (ChatResponseUpdate update in InnerClient.GetStreamingResponseAsync(messages, chatOptions, either.Token))
        {
            updates.Add(update);
            text.Append(update.Text);
            characters += update.Contents.Sum(Characters);
            if (text.Length >= reported + CharactersPerReport)
            {
                reported = text.Length;
                textSoFar?.Report(text.ToString());
            }

            if (characters > most)
            {
                updates.Add(new ChatResponseUpdate { FinishReason = ChatFinishReason.Length });
                break;
            }
        }

        ChatResponse response = updates.ToChatResponse();
        if (response.FinishReason is null)
        {
            throw errors.Cut();
        }

        OpenAiGaps.Fill(response, updates);
        textSoFar?.Report(response.Text);
        return response;
    }

    private static int Characters(AIContent content) =>
        content switch
        {
            TextContent text => text.Text.Length,
            TextReasoningContent thought => thought.Text.Length,
            _ => 0,
        };

    // What to make of an exception; null for those that tell of a mistake of ours.
    private ModelCallException? Failure(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is ModelCallException known)
            {
                return known;
            }
        }

        return e switch
        {
            AnthropicServiceException { Body.ValueKind: JsonValueKind.Object } told => errors.OfEvent(told.Body.GetRawText()),
            AnthropicServiceException told => errors.OfEvent(told.Message),
            OperationCanceledException => errors.TimedOut(TimeSpan.FromSeconds(options.TimeoutSeconds * LongestTry)),
            AnthropicIOException or HttpRequestException or IOException => errors.Broken(e),
            AnthropicException or JsonException or FormatException or InvalidOperationException => errors.Unreadable(e),
            ArgumentOutOfRangeException or KeyNotFoundException or System.ClientModel.ClientResultException => errors.Unreadable(
                e
            ),
            _ => null,
        };
    }

    // Where the provider says that it was too much, the wait is everyone's, and then this call's own is none.
    private TimeSpan Wait(ModelCallException failure, int tries, CallLimiter.Place place)
    {
        if (failure.Status is not null)
        {
            place.Refused();
        }

        TimeSpan wait = failure.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : RetryDelay.BackOff(tries, Draw());
        if (failure.Kind != ModelFailure.RateLimited && failure.RetryAfter is null)
        {
            return wait;
        }

        place.Pause(wait);
        return TimeSpan.Zero;
    }

    private double Draw()
    {
        lock (_jitterGate)
        {
            return _jitter.NextDouble();
        }
    }
}
