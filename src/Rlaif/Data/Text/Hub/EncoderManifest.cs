using System.Text.Json;

namespace Rlaif.Data.Text.Hub;

/// <summary>What was pulled into a folder, and from where. The hashes are checked whenever the encoder is opened.</summary>
/// <param name="Source">Address of the repository.</param>
/// <param name="Revision">Branch, tag or commit that was asked for.</param>
/// <param name="License">The licence that the authors give.</param>
/// <param name="EncoderId">Id of the encoder.</param>
/// <param name="Dimensions">Length of its vectors.</param>
/// <param name="Files">Its files.</param>
public sealed record EncoderManifest(
    string Source,
    string Revision,
    string License,
    string EncoderId,
    int Dimensions,
    IReadOnlyList<PulledFile> Files
)
{
    internal const string FileName = "rlaif-manifest.json";

    /// <summary>The manifest of a folder; null when it has none, because a person put it there.</summary>
    /// <exception cref="RlaifInputException">It cannot be read.</exception>
    public static EncoderManifest? Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var opened = new EncoderFolder(folder);
        if (!opened.Has(FileName))
        {
            return null;
        }

        try
        {
            EncoderManifest? manifest = JsonSerializer.Deserialize<EncoderManifest>(
                opened.ReadBytes(FileName),
                RlaifJson.Indented
            );
            return manifest is { Files: not null }
                ? manifest
                : throw new RlaifInputException($"{opened.PathOf(FileName)} is not complete. Delete the folder and pull again.");
        }
        catch (JsonException e)
        {
            throw new RlaifInputException($"{opened.PathOf(FileName)} cannot be read. Delete the folder and pull again.", e);
        }
    }

    /// <summary>Passes when every file that was pulled is as it was then.</summary>
    /// <exception cref="RlaifInputException">One is missing or another.</exception>
    internal static void Verify(EncoderFolder folder)
    {
        foreach (PulledFile file in Read(folder.Path)?.Files ?? [])
        {
            if (folder.Sha256(file.File) is var found && found != file.Sha256)
            {
                throw new RlaifInputException(
                    $"{folder.PathOf(file.File)} is not the file that was pulled: its sha256 is {found} instead of {file.Sha256}. "
                        + $"Pull it again: rlaif encoders pull {folder.Name}"
                );
            }
        }
    }

    internal void Write(string folder) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, RlaifJson.Indented) + "\n");
}
