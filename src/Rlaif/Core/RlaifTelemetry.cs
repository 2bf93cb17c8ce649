using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Rlaif.Core;

/// <summary>
/// What the library tells whoever listens: metrics of the meter and activities of the source <see cref="Name"/>, as OpenTelemetry and other listeners of .NET
/// read them. Nothing is kept and nothing is sent by the library itself. Tags are names out of the code, never texts of others: they hold no key.
/// </summary>
public static class RlaifTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Rlaif";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Source = new(Name);

    private static readonly Counter<long> Decisions = Meter.CreateCounter<long>(
        "rlaif.decisions",
        "{decision}",
        "Decisions that were recorded, by action"
    );

    private static readonly Counter<long> OrdersSent = Meter.CreateCounter<long>(
        "rlaif.orders.sent",
        "{order}",
        "Orders handed to the broker, by side"
    );

    private static readonly Counter<long> OrdersRefused = Meter.CreateCounter<long>(
        "rlaif.orders.refused",
        "{order}",
        "Orders that a limit held back, by rule"
    );

    private static readonly Counter<long> Fills = Meter.CreateCounter<long>("rlaif.fills", "{fill}", "Fills, by side");

    private static readonly Counter<long> BrokerDoubts = Meter.CreateCounter<long>(
        "rlaif.broker.doubts",
        "{doubt}",
        "Calls after which nobody knew whether an order had arrived"
    );

    private static readonly Gauge<long> OpenPositions = Meter.CreateGauge<long>(
        "rlaif.positions.open",
        "{position}",
        "Positions held at the last look"
    );

    private static readonly Gauge<double> Equity = Meter.CreateGauge<double>(
        "rlaif.account.equity",
        "{currency}",
        "Worth of the account at the last look, in its currency"
    );

    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>(
        "rlaif.jobs",
        "{job}",
        "Jobs that ended, by name and outcome"
    );

    private static readonly Histogram<double> JobDuration = Meter.CreateHistogram<double>(
        "rlaif.job.duration",
        "s",
        "How long jobs took, by name"
    );

    /// <summary>Starts the clock of a job; disposing what is returned ends it. A job that was not completed by then has failed.</summary>
    /// <param name="name">Its name: one of a few, such as <c>decide</c>, for it becomes a tag.</param>
    public static JobTelemetry Job(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new JobTelemetry(name, Start($"job {name}")?.SetTag("job", name));
    }

    /// <summary>Tells what an account holds now.</summary>
    /// <param name="equity">Its worth, in its currency.</param>
    /// <param name="openPositions">Number of positions.</param>
    public static void Account(decimal equity, int openPositions)
    {
        Equity.Record((double)equity);
        OpenPositions.Record(openPositions);
    }

    internal static Activity? Start(string name) => Source.StartActivity(name);

    internal static void Decided(string action) => Decisions.Add(1, Tag("action", action));

    internal static void Sent(string side) => OrdersSent.Add(1, Tag("side", side));

    internal static void Refused(string rule) => OrdersRefused.Add(1, Tag("rule", rule));

    internal static void Filled(string side) => Fills.Add(1, Tag("side", side));

    internal static void Doubted() => BrokerDoubts.Add(1);

    internal static void Ended(string job, string outcome, TimeSpan duration)
    {
        Jobs.Add(1, Tag("job", job), Tag("outcome", outcome));
        JobDuration.Record(duration.TotalSeconds, Tag("job", job));
    }

    // Names of enumeration values, as JSON has them.
    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value.ToLowerInvariant());
}
