using System.Text.Json;

namespace Rlaif.Cli;

/// <summary>
/// The user secrets of .NET under the id <c>rlaif</c>: a file in the user's profile, outside of every project, that
/// <c>dotnet user-secrets set NAME VALUE --id rlaif</c> writes.
/// </summary>
internal sealed class UserSecrets
{
    private const string Id = "rlaif";
    private const string FileName = "secrets.json";

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private UserSecrets() { }

    /// <summary>The secret of a name; null when there is none.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>All of them, to keep them out of what is written.</summary>
    public IReadOnlyCollection<string> Values => _values.Values;

    /// <summary>Reads the file, if there is one.</summary>
    /// <exception cref="RlaifInputException">It is no JSON; the message holds nothing of it.</exception>
    public static UserSecrets Load(IReadOnlyDictionary<string, string> environment)
    {
        var secrets = new UserSecrets();
        if (PathOf(environment) is not { } path || !File.Exists(path))
        {
            return secrets;
        }

        return secrets.TryRead(path) ? secrets : throw new RlaifInputException($"The user secrets '{path}' are no JSON object.");
    }

    private bool TryRead(string path)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), options);
            foreach (
                JsonProperty property in document
                    .RootElement.EnumerateObject()
                    .Where(p => p.Value.ValueKind == JsonValueKind.String)
            )
            {
                _values[property.Name] = property.Value.GetString()!;
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What cannot be read may be a secret, and these exceptions quote it: they go no further.
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot read the user secrets '{path}': {e.Message}", e);
        }
    }

    private static string? PathOf(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("APPDATA") is { Length: > 0 } windows
            ? Path.Combine(windows, "Microsoft", "UserSecrets", Id, FileName)
        : environment.GetValueOrDefault("HOME") is { Length: > 0 } home
            ? Path.Combine(home, ".microsoft", "usersecrets", Id, FileName)
        : null;
}
