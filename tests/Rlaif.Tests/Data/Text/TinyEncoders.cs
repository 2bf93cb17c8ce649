using System.Runtime.CompilerServices;
using System.Text.Json;
using Rlaif.Core;

namespace Rlaif.Tests.Data.Text;

/// <summary>The committed tiny encoders, and what <c>Tiny/make_tiny_encoders.py</c> says they give.</summary>
internal static class TinyEncoders
{
    public const string Bert = "tiny-bert";
    public const string MPNet = "tiny-mpnet";
    public const string Static = "tiny-static";
    public const string StaticQuantized = "tiny-static-quantized";

    private static readonly string Root = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Tiny");

    public static string PathOf(string name) => Path.Combine(Root, name);

    public static IReadOnlyList<Reference> References(string name) => Read(Path.Combine(PathOf(name), "reference.json"));

    public static IReadOnlyList<Reference> Tokens() => Read(PathOf("tokens.json"));

    /// <summary>A copy that a test may break.</summary>
    public static string Copy(string name, TempFolder to)
    {
        string copy = to.PathOf(name);
        foreach (string file in Directory.GetFiles(PathOf(name), "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(PathOf(name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static Reference[] Read(string path) =>
        JsonSerializer.Deserialize<Reference[]>(File.ReadAllText(path), RlaifJson.Compact)!;

    internal sealed record Reference(string Text, int[] Tokens, bool Truncated = false, double[]? Vector = null);
}
