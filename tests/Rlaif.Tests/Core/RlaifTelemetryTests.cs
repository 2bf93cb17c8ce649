using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Outcomes.Brokers;

namespace Rlaif.Tests.Core;

public sealed class RlaifTelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<string> _measured = new();
    private readonly ConcurrentQueue<Activity> _activities = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _listener;

    public RlaifTelemetryTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RlaifTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, tags));
        _meters.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, tags));
        _meters.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == RlaifTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void Job_CompletedOrNot_TellsDurationAndOutcomeOnce()
    {
        JobTelemetry job = RlaifTelemetry.Job("telemetry_a");
        job.Complete("skipped");
        job.Dispose();
        job.Dispose();
        RlaifTelemetry.Job("telemetry_b").Dispose();
        Assert.Single(_measured, "rlaif.jobs job=telemetry_a outcome=skipped");
        Assert.Single(_measured, "rlaif.jobs job=telemetry_b outcome=failed");
        Assert.Single(_measured, "rlaif.job.duration job=telemetry_a");
        Activity failed = Assert.Single(_activities, a => a.OperationName == "job telemetry_b");
        Assert.Equal(ActivityStatusCode.Error, failed.Status);
    }

    [Fact]
    public async Task Desk_SendingRefusingFilling_IsCounted()
    {
        await using PaperDesk paper = await PaperDesk.OpenAsync();
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var broker = new UncertainBroker(paper.Broker);
        var time = new FakeTimeProvider(PaperDesk.Open(0)) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        using var desk = new TradingDesk(broker, ledger, time, new RiskLimits { MaxOrderNotional = 5_000 });
        desk.Mark(PaperDesk.Symbol, 100);
        broker.Break(arrives: true);
        Task<DeskResult> sending = desk.SubmitAsync(paper.Order("telemetry_sent", OrderSide.Buy, 10));
        while (!sending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        await desk.SubmitAsync(paper.Order("telemetry_big", OrderSide.Buy, 1_000));
        await paper.DayAsync(100, 101, 99, 100);
        Assert.Single(await desk.SyncAsync());
        Assert.Contains("rlaif.orders.sent side=buy", _measured);
        Assert.Contains("rlaif.broker.doubts", _measured);
        Assert.Contains("rlaif.orders.refused rule=max_order_notional", _measured);
        Assert.Contains("rlaif.fills side=buy", _measured);
        Assert.Contains(_activities, a => a.OperationName == "send order" && (string?)a.GetTagItem("symbol") == PaperDesk.Symbol);
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string text = instrument.Name;
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            text += $" {tag.Key}={tag.Value}";
        }

        _measured.Enqueue(text);
    }
}
