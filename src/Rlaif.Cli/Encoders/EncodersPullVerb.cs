using System.CommandLine;
using Rlaif.Data.Text.Hub;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif encoders pull</c>.</summary>
internal sealed class EncodersPullVerb : Verb
{
    /// <summary>The setting that says where encoders come from.</summary>
    public const string BaseUrlKey = "encoders:base_url";

    private readonly Argument<string> _name = new("NAME") { Description = "A name of rlaif encoders list" };

    private readonly Option<string?> _baseUrl = new("--base-url")
    {
        Description =
            $"Address of the hub or of a mirror of it [default: the setting {BaseUrlKey}, or {EncoderHub.DefaultBaseUrl}]",
        HelpName = "URL",
    };

    private readonly Option<string[]> _hashes = new("--sha256")
    {
        Description =
            "Hash that a file must have. Without one, the hash that the server states is checked, and where it states none the first download is trusted; either is checked whenever the encoder is opened",
        HelpName = "FILE=HASH",
        DefaultValueFactory = _ => [],
    };

    public EncodersPullVerb()
        : base(
            "pull",
            "Download a text encoder by its name, into the home. What was cut is gone on with; what is there and whole is left",
            "rlaif encoders pull all-MiniLM-L6-v2"
        )
    {
        Arguments.Add(_name);
        Options.Add(_baseUrl);
        Options.Add(_hashes);
    }

    public override string JsonFields =>
        "name, path, was_there, encoder, dimensions, source, revision, license, files[{file,size,sha256,is_stated}]; is_stated: the server named this hash";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        string baseUrl = context.Get(_baseUrl) ?? context.Settings[BaseUrlKey] ?? EncoderHub.DefaultBaseUrl;
        var hub = new EncoderHub(baseUrl, context.Home.Encoders, context.Time);
        Dictionary<string, string> hashes = Hashes(context.Get(_hashes)!);
        PulledEncoder pulled = await context.Output.ProgressAsync(
            $"pulling {context.Get(_name)}",
            progress => hub.PullAsync(context.Get(_name)!, hashes, progress, context.CancellationToken)
        );
        EncoderManifest manifest = pulled.Manifest;
        context.Output.Result(
            new
            {
                pulled.Name,
                pulled.Path,
                pulled.WasThere,
                Encoder = manifest.EncoderId,
                manifest.Dimensions,
                manifest.Source,
                manifest.Revision,
                manifest.License,
                manifest.Files,
            },
            console => Show(console, pulled)
        );
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, PulledEncoder pulled)
    {
        Table table = new Table().AddColumns("file", "bytes", "sha256", "the hash is");
        foreach (PulledFile file in pulled.Manifest.Files)
        {
            table.AddRow(
                Markup.Escape(file.File),
                $"{file.Size}",
                file.Sha256,
                file.IsStated ? "the server's" : "that of the first download"
            );
        }

        console.Write(table);
        console.WriteLine(
            $"{pulled.Name}{(pulled.WasThere ? " was there" : "")}: {pulled.Manifest.Dimensions} dimensions, {pulled.Manifest.License}, in {pulled.Path}"
        );
        console.WriteLine($"Use it: rlaif train --encoder {pulled.Name}");
    }

    private static Dictionary<string, string> Hashes(string[] options)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string option in options)
        {
            string[] parts = option.Split('=');
            if (parts is not [{ Length: > 0 } file, { Length: > 0 } hash] || !hashes.TryAdd(file, hash))
            {
                throw new RlaifInputException($"--sha256 {option}: it must be FILE=HASH, once for a file.");
            }
        }

        return hashes;
    }
}
