using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>
/// The one door to language models: everything that is asked passes through it. It answers from a recording where there is one, keeps the
/// limits, records what comes back before anybody uses it, and counts. Safe to use from several threads.
/// </summary>
public sealed class ModelGateway : IAsyncDisposable
{
    private const int ShownFingerprint = 12;

    private readonly ModelRoster _roster;
    private readonly Recording? _recording;
    private readonly SpendGuard _guard;
    private readonly ConcurrentDictionary<string, Task> _inFlight = new(StringComparer.Ordinal);

    /// <summary>Creates a gateway that always asks, records nothing and has no limits.</summary>
    public ModelGateway(ModelRoster roster)
        : this(roster, LlmMode.Live, null, new SpendGuard(null, null, TimeProvider.System)) { }

    private ModelGateway(ModelRoster roster, LlmMode mode, Recording? recording, SpendGuard guard)
    {
        _roster = roster;
        _recording = recording;
        _guard = guard;
        Mode = mode;
    }

    /// <summary>Where replies come from.</summary>
    public LlmMode Mode { get; }

    /// <summary>What was taken and spared through this gateway.</summary>
    public LlmUsage Usage => _guard.Usage;

    /// <summary>Opens a gateway.</summary>
    /// <param name="roster">The models; disposed of with the gateway.</param>
    /// <param name="mode">Where replies come from.</param>
    /// <param name="recordingPath">The recording; needed unless <paramref name="mode"/> is <see cref="LlmMode.Live"/>, which leaves it alone.</param>
    /// <param name="spend">Where spending is booked; stays open. Null for no book.</param>
    /// <param name="budget">Limits, which need a book; null for none.</param>
    /// <param name="clock">Tells the day to which a call counts.</param>
    /// <param name="cancellationToken">Cancels reading the recording.</param>
    /// <exception cref="RlaifInputException">The recording cannot be used, or a limit is out of range.</exception>
    public static async Task<ModelGateway> OpenAsync(
        ModelRoster roster,
        LlmMode mode,
        string? recordingPath,
        SpendBook? spend,
        BudgetOptions? budget,
        TimeProvider clock,
        CancellationToken cancellationToken = default
    )
    {
        if (budget is not null && spend is null)
        {
            throw new ArgumentException("Limits need a book of what was spent.", nameof(spend));
        }

        var guard = new SpendGuard(spend, budget?.Validated(), clock);
        if (mode == LlmMode.Live)
        {
            return new ModelGateway(roster, mode, null, guard);
        }

        ArgumentException.ThrowIfNullOrEmpty(recordingPath);
        Recording recording =
            mode == LlmMode.Record
                ? await Recording.AppendAsync(recordingPath, cancellationToken)
                : await Recording.OpenAsync(recordingPath, cancellationToken);
        return new ModelGateway(roster, mode, recording, guard);
    }

    /// <summary>The model of a role.</summary>
    public ModelSetup Setup(ModelRole role) => _roster[role];

    /// <summary>
    /// Names the run to which the calls that follow count; before, it is <c>adhoc</c>. A run that is continued under its name continues its
    /// limits as well.
    /// </summary>
    public void BeginRun(string runName)
    {
        ArgumentException.ThrowIfNullOrEmpty(runName);
        _guard.Run = runName;
    }

    /// <summary>Asks a model.</summary>
    /// <param name="request">The question.</param>
    /// <param name="textSoFar">Told the text as it grows; a replayed reply is told at once.</param>
    /// <param name="cancellationToken">Cancels the call. A reply that has come to its end by then is recorded all the same.</param>
    /// <exception cref="RlaifInputException">The call is not recorded and may not be made, or its price has to be known and is not.</exception>
    /// <exception cref="BudgetExceededException">The call could pass a limit.</exception>
    public async ValueTask<ModelReply> AskAsync(
        ModelRequest request,
        IProgress<string>? textSoFar = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelSetup setup = Setup(request.Role);
        byte[] canonical = CallFingerprint.Canonical(request, setup);
        string fingerprint = CallFingerprint.Of(canonical);
        if (_recording is null)
        {
            return await CallAsync(request, setup, fingerprint, canonical.Length, textSoFar, cancellationToken);
        }

        while (true)
        {
            if (Replay(request, setup, fingerprint, textSoFar) is { } recorded)
            {
                return recorded;
            }

            if (Mode == LlmMode.Replay)
            {
                throw NotRecorded(request, fingerprint);
            }

            // The same question at the same moment is asked once; who comes second waits and then finds it recorded.
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task first = _inFlight.GetOrAdd(fingerprint, mine.Task);
            if (first != mine.Task)
            {
                await first.WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                // Another may have recorded it between the look and the claim.
                return Replay(request, setup, fingerprint, textSoFar)
                    ?? await CallAsync(request, setup, fingerprint, canonical.Length, textSoFar, cancellationToken);
            }
            finally
            {
                _inFlight.TryRemove(fingerprint, out _);
                mine.SetResult();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _guard.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _guard.Dispose();
            _recording?.Dispose();
            _roster.Dispose();
        }
    }

    private ModelReply? Replay(ModelRequest request, ModelSetup setup, string fingerprint, IProgress<string>? textSoFar)
    {
        if (_recording?.Find(fingerprint) is not { } call)
        {
            return null;
        }

        ModelReply reply = call.ToReply(replayed: true);
        _guard.CountReplayed(request.Role, setup, reply.Usage);
        textSoFar?.Report(reply.Text);
        return reply;
    }

    private async Task<ModelReply> CallAsync(
        ModelRequest request,
        ModelSetup setup,
        string fingerprint,
        int bytes,
        IProgress<string>? textSoFar,
        CancellationToken cancellationToken
    )
    {
        IChatClient client = setup.CreateClient();
        Reservation? reserved = await _guard.ReserveAsync(request, setup, bytes, cancellationToken);
        var received = new List<ChatResponseUpdate>();
        ChatResponse response;
        try
        {
            ChatOptions options = ChatOptionsFactory.Create(request, setup);
            response = await ReplyStream.ReadAsync(
                client,
                request.Messages,
                options,
                received,
                textSoFar,
                ReserveAgainAsync,
                cancellationToken
            );
        }
        catch (Exception e)
        {
            if (reserved is not null)
            {
                await _guard.FailAsync(reserved, isUnpaid: received.Count == 0 && CallFailure.IsUnpaid(e));
            }

            throw;
        }

        // From here on nothing is cancelled: the reply is paid.
        TokenUsage usage = ReplyStream.Usage(response.Usage);
        try
        {
            RecordedCall call = ToRecord(request, setup, fingerprint, response, usage);
            _recording?.Add(call);
            return call.ToReply(replayed: false);
        }
        finally
        {
            await _guard.SettleAsync(reserved!, setup, usage);
        }

        // A try that may have been charged stays set aside, and the next one needs room of its own.
        async Task ReserveAgainAsync()
        {
            Reservation ended = reserved!;
            reserved = null;
            await _guard.FailAsync(ended, isUnpaid: false);
            reserved = await _guard.ReserveAsync(request, setup, bytes, cancellationToken);
        }
    }

    private static RecordedCall ToRecord(
        ModelRequest request,
        ModelSetup setup,
        string fingerprint,
        ChatResponse response,
        TokenUsage usage
    ) =>
        new()
        {
            Fingerprint = fingerprint,
            Role = request.Role,
            Subject = request.Subject,
            Provider = setup.Options.Provider,
            Model = setup.Options.Model,
            End = ReplyStream.End(response),
            Usage = usage,
            Contents = ReplyContents.Keep(response),
        };

    private RlaifInputException NotRecorded(ModelRequest request, string fingerprint)
    {
        string hint = _recording!.HasSubject(request.Subject)
            ? " It was recorded with another prompt, model or parameter."
            : string.Empty;
        return new RlaifInputException(
            $"No recorded reply for {request.Subject} (fingerprint {fingerprint[..ShownFingerprint]}) in '{_recording.FilePath}'.{hint}"
                + Environment.NewLine
                + "Record it with --llm record, or replay with the options it was recorded with."
        );
    }
}
