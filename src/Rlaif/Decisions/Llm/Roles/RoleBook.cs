namespace Rlaif.Decisions.Llm.Roles;

/// <summary>What belongs to each role beside its prompt.</summary>
internal static class RoleBook
{
    /// <summary>What the manager wants to read of documents.</summary>
    internal const string ManagerQuery = "outlook results guidance demand risk material change";

    /// <summary>The analysts of a team, in the order of their roles.</summary>
    internal static IReadOnlyList<AnalystRole> Analysts(LlmOptions options) =>
        [.. Enum.GetValues<AnalystRole>().Where(r => options.Researchers || r is not (AnalystRole.Bull or AnalystRole.Bear))];

    /// <summary>The role under which an analyst's model is configured: it has the same name.</summary>
    internal static ModelRole Model(AnalystRole role) => Enum.Parse<ModelRole>(role.ToString());

    /// <summary>The name of the system prompt.</summary>
    internal static string Prompt(AnalystRole role) => role.ToString().ToLowerInvariant();

    /// <summary>The id of the role's report in prompts, the same throughout a debate.</summary>
    internal static string ReportId(AnalystRole role) => $"R{(int)role + 1}";

    /// <summary>The scores that a role may give: researchers argue one side.</summary>
    internal static (double Min, double Max) Scores(AnalystRole role) =>
        role switch
        {
            AnalystRole.Bull => (0, 1),
            AnalystRole.Bear => (-1, 0),
            _ => (-1, 1),
        };

    /// <summary>What the role wants to read of documents; empty for none.</summary>
    internal static string Query(AnalystRole role) =>
        role switch
        {
            AnalystRole.Fundamental => "quarterly results revenue earnings margin guidance cash flow debt valuation",
            AnalystRole.Sentiment => "announcement contract product approval lawsuit analyst rating management reaction",
            AnalystRole.Risk => "risk litigation regulation investigation debt default dilution competition weakness",
            AnalystRole.Bull => "growth record demand raised outlook approval contract buyback strength",
            AnalystRole.Bear => "decline loss weakness warning cut lawsuit competition impairment risk",
            _ => string.Empty,
        };
}
