using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>One question to a scripted model, with what a test wants to know of it.</summary>
internal sealed record Asked(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)
{
    private static readonly Regex System = new("^You are the (?<role>bull|bear|[a-z]+) ", RegexOptions.NonBacktracking);
    private static readonly Regex PersonaLine = new("- Persona: (?<persona>[a-z]+)\\.", RegexOptions.NonBacktracking);
    private static readonly Regex SideLine = new("argue for \"(?<side>buy|sell)\"", RegexOptions.NonBacktracking);
    private static readonly Regex EvidenceLine = new(
        @"^\[(?<id>[A-Z]\d+)\]",
        RegexOptions.NonBacktracking | RegexOptions.Multiline
    );
    private static readonly Regex OpponentLine = new(@"that of \[(?<id>R\d)\]", RegexOptions.NonBacktracking);

    /// <summary>Name of the schema: <c>analyst_report</c>, <c>debate_turn</c>, <c>candidate</c>.</summary>
    public string Shape => ((ChatResponseFormatJson)Options.ResponseFormat!).SchemaName!;

    /// <summary>Role by the system prompt: <c>fundamental</c> to <c>bear</c>, or <c>portfolio</c> for the manager.</summary>
    public string Role => System.Match(Options.Instructions!).Groups["role"].Value;

    /// <summary>All user messages in one text.</summary>
    public string Text => string.Join('\n', Messages.Where(m => m.Role == ChatRole.User).Select(m => m.Text));

    /// <summary>The persona of a candidate; empty for others.</summary>
    public string Persona => PersonaLine.Match(Text).Groups["persona"].Value;

    /// <summary>The side that a candidate must take; empty when it is free.</summary>
    public string Side => SideLine.Match(Text).Groups["side"].Value;

    /// <summary>The id of the report to answer in a debate.</summary>
    public string Opponent => OpponentLine.Match(Messages[^1].Text).Groups["id"].Value;

    /// <summary>Ids of evidence at the beginning of a line.</summary>
    public IReadOnlyList<string> Ids => [.. EvidenceLine.Matches(Text).Select(m => m.Groups["id"].Value).Distinct()];

    /// <summary>Whether this is the repair of a reply.</summary>
    public bool IsRepair => Messages[^1].Text.StartsWith("Your reply cannot be used:", StringComparison.Ordinal);
}
