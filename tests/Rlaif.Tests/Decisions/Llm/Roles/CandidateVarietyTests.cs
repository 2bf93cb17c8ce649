using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Decisions.Llm.Roles;

public sealed class CandidateVarietyTests
{
    private static readonly MarketSnapshot Snapshot = SimulatedDesk.Snapshot(3);

    [Fact]
    public async Task AnalyzeAsync_Temperature_IsTheVarietyWhereTheModelTakesOne()
    {
        var options = new ManagerOptions { Candidates = 6 };
        var warm = new ScriptedTeam(takesTemperature: true);
        Proposal proposal = await warm.ProposeAsync(Snapshot, options);
        CandidateVariety[] varieties = [.. Varieties(proposal)];
        Assert.Equal([0, 0.5, 0.7, 0.9, 1.0, 0.5], varieties.Select(v => v.Temperature!.Value));
        Assert.All(varieties, v => Assert.Empty(v.Withheld));
        Assert.All(varieties, v => Assert.Null(v.Seed));
        Asked[] asked = [.. warm.Asked.Where(a => a.Shape == "candidate").OrderBy(a => a.Options.Temperature)];
        Assert.Equal([0f, 0.5f, 0.5f, 0.7f, 0.9f, 1f], asked.Select(a => a.Options.Temperature!.Value));

        var cold = new ScriptedTeam();
        CandidateVariety[] plain = [.. Varieties(await cold.ProposeAsync(Snapshot, options))];
        Assert.All(plain, v => Assert.Null(v.Temperature));
        Assert.Empty(plain[0].Withheld);
        Assert.Null(plain[0].Seed);
        Assert.All(plain.Skip(1), v => Assert.Single(v.Withheld));
        Assert.All(plain.Skip(1), v => Assert.NotNull(v.Seed));
        Assert.All(cold.Asked, a => Assert.Null(a.Options.Temperature));
    }

    [Fact]
    public async Task AnalyzeAsync_WithheldEvidence_IsNamedAndMayNotBeCited()
    {
        // Every candidate but the baseline cites what it was told to disregard, and repents when told.
        var team = new ScriptedTeam(asked =>
            asked.Shape == "candidate" && !asked.IsRepair && Withheld(asked) is { Length: > 0 } id
                ? ScriptedTeam.Sound(asked).Replace("[F1]", $"[{id}]", StringComparison.Ordinal)
                : null
        );
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Assert.Equal(5, proposal.Candidates.Count);
        ModelCall[] repaired = [.. proposal.Transcript.Calls.Where(c => c.Role == ModelRole.Manager && c.Step == 1)];
        Assert.Equal(4, repaired.Length);
        Assert.All(repaired, c => Assert.NotNull(c.CandidateId));
        foreach (Asked repair in team.Asked.Where(a => a.IsRepair))
        {
            Assert.Contains(
                $"cites [{Withheld(repair)}], which was to be disregarded.",
                repair.Messages[^1].Text,
                StringComparison.Ordinal
            );
        }
    }

    private static IEnumerable<CandidateVariety> Varieties(Proposal proposal) =>
        proposal.Transcript.Calls.Where(c => c.Role == ModelRole.Manager).Select(c => c.Variety!);

    private static string Withheld(Asked asked)
    {
        const string Start = "do not cite: [";
        int at = asked.Text.IndexOf(Start, StringComparison.Ordinal);
        return at < 0 ? string.Empty : asked.Text[(at + Start.Length)..].Split(']')[0];
    }
}
