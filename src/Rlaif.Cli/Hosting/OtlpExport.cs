using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Rlaif.Cli;

/// <summary>
/// Sends metrics and traces to an OpenTelemetry collector, set up by the variables that OpenTelemetry defines (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the rest). Only what
/// the library says of itself is sent: no calls of HTTP clients, whose addresses may be secrets.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(IConfiguration variables)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("rlaif", serviceVersion: AppVersion.Text);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(s => s.AddSingleton(variables))
            .SetResourceBuilder(resource)
            .AddMeter(RlaifTelemetry.Name)
            .AddOtlpExporter()
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(s => s.AddSingleton(variables))
            .SetResourceBuilder(resource)
            .AddSource(RlaifTelemetry.Name)
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>Begins to send, when the environment names a collector; null when it does not. Disposing what is returned sends the rest.</summary>
    public static OtlpExport? StartIfAsked(IReadOnlyDictionary<string, string> environment) =>
        string.IsNullOrEmpty(environment.GetValueOrDefault(Endpoint))
            ? null
            : new OtlpExport(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(environment.Select(e => KeyValuePair.Create(e.Key, (string?)e.Value)))
                    .Build()
            );

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }
}
