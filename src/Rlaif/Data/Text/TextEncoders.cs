using System.Globalization;
using Rlaif.Data.Text.Hub;

namespace Rlaif.Data.Text;

/// <summary>Makes text encoders from their names.</summary>
public static class TextEncoders
{
    /// <summary>What a spec may be, for messages.</summary>
    public const string Forms = "hashed, hashed:DIMENSIONS, static:PATH, onnx:PATH, or the name of a pulled encoder";

    /// <summary>Opens an encoder.</summary>
    /// <param name="spec">
    /// <c>hashed</c> or <c>hashed:512</c> (n-grams, nothing to download), <c>static:PATH</c> (<see cref="StaticTextEncoder"/>),
    /// <c>onnx:PATH</c> (<see cref="OnnxTextEncoder"/>), or the name of a folder in <paramref name="named"/>.
    /// </param>
    /// <param name="named">Folder of the encoders that have a name: where <see cref="EncoderHub"/> puts them; null for none.</param>
    /// <exception cref="RlaifInputException">It is none of these, there is no such folder, or its files are damaged or not supported.</exception>
    public static ITextEncoder Open(string spec, string? named = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec == HashedTextEncoder.SpecName)
        {
            return new HashedTextEncoder();
        }

        return After(spec, $"{HashedTextEncoder.SpecName}:") is { } dimensions ? Hashed(spec, dimensions)
            : After(spec, HashedTextEncoder.IdPrefix) is { } length ? Hashed(spec, length)
            : After(spec, StaticTextEncoder.SpecPrefix) is { } table ? StaticTextEncoder.Open(table)
            : After(spec, OnnxTextEncoder.SpecPrefix) is { } model ? OnnxTextEncoder.Open(model)
            : OpenNamed(spec, named);
    }

    /// <summary>
    /// Opens the encoder that a model was trained with. When a path of then is gone, a folder of the same name in <paramref name="named"/> is
    /// taken; whether it holds the same files is what the id tells.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    public static ITextEncoder Reopen(string spec, string? named = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        string? path = After(spec, StaticTextEncoder.SpecPrefix) ?? After(spec, OnnxTextEncoder.SpecPrefix);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path ?? ""));
        bool hasMoved =
            path is not null && named is not null && !Directory.Exists(path) && Directory.Exists(Path.Combine(named, name));
        return hasMoved ? OpenNamed(name, named) : Open(spec, named);
    }

    /// <summary>Opens a folder as what its files say: with an ONNX model, that; else a table of token vectors.</summary>
    internal static ITextEncoder OpenFolder(EncoderFolder folder, string spec) =>
        OnnxTextEncoder.ModelFiles.Any(folder.Has) ? OnnxTextEncoder.Open(folder, spec)
        : folder.Has(StaticTextEncoder.ModelFile) ? StaticTextEncoder.Open(folder, spec)
        : throw new RlaifInputException(
            $"{folder.Path} has neither {string.Join(" nor ", OnnxTextEncoder.ModelFiles)} nor {StaticTextEncoder.ModelFile}."
        );

    private static ITextEncoder OpenNamed(string name, string? named)
    {
        if (!EncoderHub.IsName(name))
        {
            throw new RlaifInputException($"'{name}' is no text encoder; it must be {Forms}.");
        }

        string path = Path.Combine(named ?? "", name);
        if (named is null || !Directory.Exists(path))
        {
            throw new RlaifInputException(
                KnownEncoder.Find(name) is null
                    ? $"'{name}' is no text encoder; it must be {Forms}."
                    : $"Text encoder {name} is not there yet. Get it first: rlaif encoders pull {name}"
            );
        }

        var folder = new EncoderFolder(path);
        EncoderManifest.Verify(folder);
        return OpenFolder(folder, name);
    }

    private static HashedTextEncoder Hashed(string spec, string dimensions) =>
        int.TryParse(dimensions, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number is > 0 and <= HashedTextEncoder.MaxDimensions
            ? new HashedTextEncoder(number)
            : throw new RlaifInputException(
                $"'{spec}': the dimensions must be a whole number from 1 to {HashedTextEncoder.MaxDimensions}."
            );

    private static string? After(string spec, string prefix) =>
        spec.StartsWith(prefix, StringComparison.Ordinal) && spec.Length > prefix.Length ? spec[prefix.Length..] : null;
}
