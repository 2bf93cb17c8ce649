namespace Rlaif.Data.Alpaca;

/// <summary>The two keys of an Alpaca account. They go into request headers and authentication messages, and nowhere else.</summary>
public sealed class AlpacaKeys
{
    /// <summary>The environment variable, or user secret, of the key's id.</summary>
    public const string IdVariable = "APCA_API_KEY_ID";

    /// <summary>The environment variable, or user secret, of the secret key.</summary>
    public const string SecretVariable = "APCA_API_SECRET_KEY";

    private const char FirstVisible = '!';
    private const char LastVisible = '~';

    /// <summary>Takes the keys of an account.</summary>
    /// <exception cref="RlaifInputException">One is empty, or holds what a header cannot carry; the message never holds it.</exception>
    public AlpacaKeys(string id, string secret)
    {
        Id = Checked(id, IdVariable);
        Secret = Checked(secret, SecretVariable);
    }

    internal string Id { get; }

    internal string Secret { get; }

    /// <summary>Reads the keys by the names of their variables.</summary>
    /// <param name="lookup">Gives the value of a variable, null when it is not set.</param>
    /// <exception cref="RlaifInputException">One is missing, or no key.</exception>
    public static AlpacaKeys Read(Func<string, string?> lookup)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        string? id = lookup(IdVariable)?.Trim();
        string? secret = lookup(SecretVariable)?.Trim();
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret))
        {
            string missing =
                !string.IsNullOrEmpty(id) ? SecretVariable
                : !string.IsNullOrEmpty(secret) ? IdVariable
                : $"{IdVariable} and {SecretVariable}";
            throw new RlaifInputException(
                $"Alpaca needs keys: set {missing} in the environment or in the user secrets (https://alpaca.markets gives free ones)."
            );
        }

        return new AlpacaKeys(id, secret);
    }

    /// <summary>Never the keys.</summary>
    public override string ToString() => nameof(AlpacaKeys);

    /// <summary>A text of a server without the keys, also where it repeats them in part.</summary>
    internal string Scrub(string text) => new SecretScrubber(Secret).Scrub(new SecretScrubber(Id).Scrub(text));

    // Headers hold nothing else, and what refuses them quotes them.
    private static string Checked(string value, string variable) =>
        !string.IsNullOrEmpty(value) && value.All(c => c is >= FirstVisible and <= LastVisible)
            ? value
            : throw new RlaifInputException($"{variable} is empty or holds characters that a key cannot have.");
}
