using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>Those who work for a manager. A team keeps no state between moments and may be used from several threads.</summary>
internal interface ITeam
{
    /// <summary>The name in the records.</summary>
    string Name { get; }

    /// <summary>Hash of everything beside the manager's options that decides on what the team says; empty for rules.</summary>
    string Fingerprint { get; }

    /// <summary>Whether what it says costs money: then it is recorded as soon as it is said.</summary>
    bool IsCostly { get; }

    /// <summary>Hash of what the team can look up about symbols at a moment, beside their snapshots; empty when nothing.</summary>
    string KnowledgeAt(IReadOnlyCollection<string> symbols, DateTimeOffset asOf);

    /// <summary>Names the run that begins, to which its spending counts; nothing to do for rules.</summary>
    void BeginRun(string runId);

    /// <summary>Sits down to one moment.</summary>
    ITeamSession Open(MarketSnapshot snapshot, string contextId, ManagerOptions options);
}
