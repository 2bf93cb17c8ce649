namespace Rlaif.Cli;

/// <summary>Which broker a home trades at: its ledger fits the books of one account, and of no other.</summary>
internal static class BrokerMark
{
    /// <summary>The name of the paper broker.</summary>
    public const string Paper = "the paper broker in the home";

    /// <summary>The broker of a home; null when it never traded.</summary>
    public static string? Read(HomeFolder home) => File.Exists(home.Broker) ? File.ReadAllText(home.Broker).Trim() : null;

    /// <summary>Notes the broker of a home.</summary>
    /// <exception cref="RlaifInputException">It trades at another one.</exception>
    public static void Claim(HomeFolder home, string broker)
    {
        if (Read(home) is { Length: > 0 } known && known != broker)
        {
            throw new RlaifInputException(
                $"The orders of '{home.Root}' are at {known}, and its ledger fits no other books. For {broker} take another home."
            );
        }

        Directory.CreateDirectory(home.Root);
        File.WriteAllText(home.Broker, broker + Environment.NewLine);
    }
}
