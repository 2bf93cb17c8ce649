using System.Text.Json;

namespace Rlaif.Data.Text.Hub;

/// <summary>A text encoder that can be pulled by its name. Sizes are about; no hash is known before a file was seen.</summary>
/// <param name="Name">Its name, and that of its folder.</param>
/// <param name="Kind"><c>onnx</c> or <c>static</c>.</param>
/// <param name="Repository">Owner and name on the hub.</param>
/// <param name="Revision">Branch, tag or commit.</param>
/// <param name="Dimensions">Length of the vectors.</param>
/// <param name="MaxTokens">Tokens of a text that are read.</param>
/// <param name="Megabytes">Size of all files, millions of bytes, about.</param>
/// <param name="License">SPDX name of the licence that its authors give.</param>
/// <param name="Files">What is needed of the repository.</param>
public sealed record KnownEncoder(
    string Name,
    string Kind,
    string Repository,
    string Revision,
    int Dimensions,
    int MaxTokens,
    int Megabytes,
    string License,
    IReadOnlyList<string> Files
)
{
    private const string Resource = "Rlaif.Data.Text.Hub.known-encoders.json";

    private static readonly Lazy<IReadOnlyList<KnownEncoder>> Table = new(Load);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownEncoder> All => Table.Value;

    /// <summary>The one of a name; null when there is none.</summary>
    public static KnownEncoder? Find(string name) => All.FirstOrDefault(k => k.Name == name);

    private static KnownEncoder[] Load()
    {
        using Stream stream = typeof(KnownEncoder).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<KnownEncoder[]>(stream, RlaifJson.Compact)!;
    }
}
