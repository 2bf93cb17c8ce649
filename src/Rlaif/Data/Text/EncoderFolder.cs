using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rlaif.Data.Text.WordPiece;

namespace Rlaif.Data.Text;

/// <summary>A folder with the files of a text encoder. Reads them with bounds, names the file in every error, and makes the encoder's id of their bytes.</summary>
internal sealed class EncoderFolder
{
    private const int MaxTextBytes = 1 << 26;
    private const int ShownHashCharacters = 12;

    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="name">The encoder's name; null for the folder's.</param>
    /// <exception cref="RlaifInputException">There is none.</exception>
    public EncoderFolder(string path, string? name = null)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        Name = name ?? System.IO.Path.GetFileName(Path);
        if (!Directory.Exists(Path))
        {
            throw new RlaifInputException($"There is no folder {Path}: a text encoder is a folder of files.");
        }
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The encoder's name.</summary>
    public string Name { get; }

    /// <summary>Full path of a file in it.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Whether a file is there.</summary>
    public bool Has(string file) => File.Exists(PathOf(file));

    /// <summary>A file's bytes; a file that is to be read as text may have 64 MB, which is far more than any has.</summary>
    /// <exception cref="RlaifInputException">It is missing, too large or cannot be read.</exception>
    public byte[] ReadBytes(string file, long most = MaxTextBytes)
    {
        RequireFile(file);
        try
        {
            long length = new FileInfo(PathOf(file)).Length;
            return length <= most
                ? File.ReadAllBytes(PathOf(file))
                : throw new RlaifInputException($"{PathOf(file)} has {length} bytes; {most} are allowed.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"{PathOf(file)} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A value of a JSON file; null when the file or the value is not there.</summary>
    /// <exception cref="RlaifInputException">The file is no JSON object.</exception>
    public JsonElement? Setting(string file, string name)
    {
        if (!Has(file))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadBytes(file));
            return document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
                ? value.Clone()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RlaifInputException($"{PathOf(file)} is no JSON object: {e.Message}", e);
        }
    }

    /// <summary>A whole number of a JSON file; null when the file or the value is not there.</summary>
    /// <exception cref="RlaifInputException">It is no whole number from <paramref name="least"/> to <paramref name="most"/>.</exception>
    public int? Number(string file, string name, int least, int most) =>
        Setting(file, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
        : throw new RlaifInputException(
            $"{PathOf(file)}: {name} is {value.GetRawText()}; it must be a whole number from {least} to {most}."
        );

    /// <summary>A yes or no of a JSON file; no when the file or the value is not there.</summary>
    /// <exception cref="RlaifInputException">It is neither.</exception>
    public bool Flag(string file, string name, bool otherwise = false) =>
        Setting(file, name) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new RlaifInputException($"{PathOf(file)}: {name} is {value.GetRawText()}; it must be true or false.");

    /// <summary>How texts are cut into tokens: by <c>tokenizer.json</c>, else by <c>vocab.txt</c>. Also tells the file.</summary>
    /// <exception cref="RlaifInputException">Neither is there, or it is not supported.</exception>
    public (WordPieceVocabulary Vocabulary, string File) ReadVocabulary()
    {
        string file =
            Has(TokenizerJson.FileName) || !Has(VocabularyText.FileName) ? TokenizerJson.FileName : VocabularyText.FileName;
        if (!Has(file))
        {
            throw new RlaifInputException(
                $"{Path} has no tokenizer: {TokenizerJson.FileName} or {VocabularyText.FileName} must be there."
            );
        }

        byte[] bytes = ReadBytes(file);
        try
        {
            WordPieceVocabulary vocabulary =
                file == TokenizerJson.FileName
                    ? TokenizerJson.Parse(bytes)
                    : VocabularyText.Parse(
                        Encoding.UTF8.GetString(bytes),
                        Flag("tokenizer_config.json", "do_lower_case", otherwise: true)
                    );
            return (vocabulary, file);
        }
        catch (InvalidDataException e)
        {
            throw new RlaifInputException($"{PathOf(file)}: {e.Message}.", e);
        }
    }

    /// <summary>SHA-256 of a file, in lower-case hex.</summary>
    /// <exception cref="RlaifInputException">It is missing or cannot be read.</exception>
    public string Sha256(string file)
    {
        if (!_hashes.TryGetValue(file, out string? hash))
        {
            RequireFile(file);
            try
            {
                using FileStream stream = File.OpenRead(PathOf(file));
                hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RlaifInputException($"{PathOf(file)} cannot be read: {e.Message}", e);
            }

            _hashes.Add(file, hash);
        }

        return hash;
    }

    /// <summary>The id of an encoder: kind, name, dimensions and a hash of its files and of the settings that change its vectors.</summary>
    public string IdOf(string kind, int dimensions, IEnumerable<string> files, string settings)
    {
        string content = string.Join('\n', [.. files.Order(StringComparer.Ordinal).Select(f => $"{f} {Sha256(f)}"), settings]);
        return $"{kind}/{Name}/{dimensions}/{ContentId.Sha256(content)[..ShownHashCharacters]}";
    }

    private void RequireFile(string file)
    {
        if (!Has(file))
        {
            throw new RlaifInputException($"{Path} has no {file}.");
        }
    }
}
