using System.CommandLine;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models export</c>.</summary>
internal sealed class ModelsExportVerb : Verb
{
    private readonly Argument<string> _version = new("V") { Description = $"The version: {ModelsCommand.VersionNames}" };

    private readonly Option<string> _onnx = new("--onnx")
    {
        Description =
            "The file to write: an ONNX model of the whole scorer, scaler and ensemble included, which takes features as they are known (docs/onnx.md)",
        HelpName = "FILE",
        Required = true,
    };

    public ModelsExportVerb()
        : base("export", "Write a version for other runtimes", "rlaif models export latest --onnx reward.onnx")
    {
        Arguments.Add(_version);
        Options.Add(_onnx);
    }

    public override string JsonFields => "version, file, size_bytes, encoder, market_features[]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        string version = registry.Resolve(context.Get(_version)!);
        RewardModel model = await registry.InspectAsync(version, context.CancellationToken);
        string file = context.Get(_onnx)!;
        try
        {
            await model.ExportOnnxAsync(file, context.CancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new RlaifInputException($"Cannot write '{file}': {e.Message}", e);
        }

        long size = new FileInfo(file).Length;
        context.Output.Result(
            new
            {
                Version = version,
                File = file,
                SizeBytes = size,
                Encoder = model.Encoder.Id,
                MarketFeatures = model.MarketFeatureNames,
            },
            console =>
            {
                console.WriteLine($"{version} written to {file} ({size / 1e6:0.0} MB)");
                console.WriteLine(
                    $"inputs: market ({model.MarketFeatureNames.Count} features), candidate (4), text ({model.Encoder.Id}); outputs: reward, mean, deviation"
                );
            }
        );
        return ExitCode.Done;
    }
}
