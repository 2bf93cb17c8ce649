using Microsoft.Extensions.Logging;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Cli;

/// <summary>All that people and machines see of a trading process: its log, its health port, metrics and traces, and the webhooks.</summary>
internal sealed partial class RunSight : IAsyncDisposable
{
    /// <summary>The setting for the health port.</summary>
    public const string PortKey = "run:health_port";

    private readonly RunLog _log;
    private readonly OtlpExport? _export;
    private readonly HealthState _health;
    private HealthServer? _server;
    private Notifier? _notifier;

    private RunSight(RunLog log, OtlpExport? export, HealthState health) => (_log, _export, _health) = (log, export, health);

    /// <summary>Opens what the settings ask for.</summary>
    /// <param name="context">The verb.</param>
    /// <param name="ledger">The ledger of the run.</param>
    /// <param name="port">The health port; null for none.</param>
    /// <exception cref="RlaifInputException">A setting is not valid, or the port cannot be opened.</exception>
    public static async Task<RunSight> StartAsync(CommandContext context, Ledger ledger, int? port)
    {
        SecretScrubber scrubber = KnownSecrets.Read(context.Settings, context.Environment);
        IReadOnlyList<Hook> hooks = HookSettings.Read(context.Settings, context.Environment);
        var halts = new HaltSwitch(ledger, context.Time, context.Home.KillFile);
        var sight = new RunSight(
            RunLog.Open(context.Home, context.Output, scrubber),
            OtlpExport.StartIfAsked(context.Environment),
            new HealthState(halts, context.Time, scrubber)
        );
        try
        {
            if (port is { } number)
            {
                sight._server = await HealthServer.StartAsync(
                    number,
                    sight._health,
                    sight._log.Logger,
                    context.CancellationToken
                );
            }

            if (hooks.Count > 0)
            {
                sight._notifier = await Notifier.StartAsync(
                    hooks,
                    ledger,
                    context.Home,
                    scrubber,
                    context.Time,
                    sight._log.Logger,
                    context.CancellationToken
                );
            }

            return sight;
        }
        catch
        {
            await sight.DisposeAsync();
            throw;
        }
    }

    /// <summary>Something worth knowing.</summary>
    public void Say(string text) => SayTo(_log.Logger, text);

    /// <summary>Something that may surprise.</summary>
    public void Warn(string text) => WarnTo(_log.Logger, text);

    /// <summary>Something that a person has to look at: a warning that the webhooks tell, too.</summary>
    public void Alarm(string text)
    {
        WarnTo(_log.Logger, text);
        _notifier?.Alarm(text);
    }

    /// <summary>A job ended.</summary>
    public void Ended(JobRun run, IReadOnlyList<DeskDifference> differences)
    {
        string job = ScheduleFile.Word(run.Job);
        string outcome = run.Outcome.ToString().ToLowerInvariant();
        _health.JobEnded(job, run.EndedAt, outcome, run.Text);
        if (run.Job == ProductionJob.Reconciliation)
        {
            _health.Reconciled(run.EndedAt, differences);
        }

        if (run.Outcome == JobOutcome.Failed)
        {
            FailedTo(_log.Logger, job, run.DueAt, run.Text);
            _notifier?.Alarm($"{job} failed: {run.Text}");
        }
        else if (run.Job != ProductionJob.Prices)
        {
            EndedTo(_log.Logger, job, outcome, run.DueAt, run.Text);
        }
    }

    /// <summary>Where an exception's details go.</summary>
    public void Detail(Exception error, string job) => DetailTo(_log.Logger, error, job);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_notifier is not null)
        {
            await _notifier.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _export?.Dispose();
        _log.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void SayTo(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    private static partial void WarnTo(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} {Outcome} (due {DueAt:u}): {Text}")]
    private static partial void EndedTo(ILogger log, string job, string outcome, DateTimeOffset dueAt, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed (due {DueAt:u}): {Text}")]
    private static partial void FailedTo(ILogger log, string job, DateTimeOffset dueAt, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Job} broke off")]
    private static partial void DetailTo(ILogger log, Exception error, string job);
}
