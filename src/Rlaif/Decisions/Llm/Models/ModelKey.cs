namespace Rlaif.Decisions.Llm.Models;

/// <summary>Keys come from the environment and go nowhere but to the provider.</summary>
internal static class ModelKey
{
    private const char FirstVisible = '!';
    private const char LastVisible = '~';

    /// <summary>The key of a role's model; null for a server on this machine that needs none.</summary>
    /// <exception cref="RlaifInputException">It is missing, or no key; the message never holds it.</exception>
    public static string? Read(string provider, string variable, Uri address, Func<string, string?> environment, ModelRole role)
    {
        string? key = environment(variable)?.Trim();
        if (string.IsNullOrEmpty(key))
        {
            return address.IsLoopback
                ? null
                : throw new RlaifInputException(
                    $"{Speaker(role)} needs a key for {provider}: set the environment variable {variable}."
                );
        }

        // Headers hold nothing else, and what refuses them quotes them.
        return key.All(c => c is >= FirstVisible and <= LastVisible)
            ? key
            : throw new RlaifInputException($"The environment variable {variable} holds characters that a key cannot have.");
    }

    private static string Speaker(ModelRole role) =>
        role switch
        {
            ModelRole.Fundamental or ModelRole.Sentiment or ModelRole.Technical or ModelRole.Risk =>
                $"The {role.ToString().ToLowerInvariant()} analyst",
            ModelRole.Bull or ModelRole.Bear => $"The {role.ToString().ToLowerInvariant()} researcher",
            _ => $"The {role.ToString().ToLowerInvariant()}",
        };
}
