using System.Diagnostics;

namespace Rlaif.Core;

/// <summary>A job under way, see <see cref="RlaifTelemetry.Job"/>: an activity, and when it ends its duration and outcome.</summary>
public sealed class JobTelemetry : IDisposable
{
    /// <summary>The outcome of a job that was left by an exception.</summary>
    public const string Failed = "failed";

    private readonly string _name;
    private readonly Activity? _activity;
    private readonly long _started = Stopwatch.GetTimestamp();
    private string _outcome = Failed;
    private bool _isEnded;

    internal JobTelemetry(string name, Activity? activity) => (_name, _activity) = (name, activity);

    /// <summary>Says how it ended; without this, it failed.</summary>
    /// <param name="outcome">One of a few words, for it becomes a tag.</param>
    public void Complete(string outcome = "ok")
    {
        ArgumentException.ThrowIfNullOrEmpty(outcome);
        _outcome = outcome;
    }

    /// <summary>Ends it and tells how long it took.</summary>
    public void Dispose()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        RlaifTelemetry.Ended(_name, _outcome, Stopwatch.GetElapsedTime(_started));
        _activity?.SetTag("outcome", _outcome);
        _activity?.SetStatus(_outcome == Failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        _activity?.Dispose();
    }
}
