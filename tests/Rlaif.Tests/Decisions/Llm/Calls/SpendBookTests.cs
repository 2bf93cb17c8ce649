using CsCheck;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Decisions.Llm.Calls;

public sealed class SpendBookTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    private string Book => _folder.PathOf("llm/spend.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Limits_ManyCallsOfTwoProcesses_AreNeverPassed() =>
        await Gen.Select(Gen.Int[1, 60], Gen.Int[2, 24], Gen.Int[0, 1_000].Array[24], Gen.Int[0, 6].Array[24])
            .SampleAsync(
                async (cents, count, outputs, roles) =>
                {
                    using var folder = new TempFolder();
                    string path = folder.PathOf("spend.db");
                    decimal limit = cents / 1_000m;
                    var budget = new BudgetOptions
                    {
                        RunUsd = limit,
                        DayUsd = null,
                        RunTokens = 40_000,
                        Roles = new Dictionary<ModelRole, RoleBudget> { [ModelRole.Risk] = new(Usd: limit / 2) },
                    };
                    await using SpendBook observer = await SpendBook.OpenAsync(path);
                    async Task CheckAsync()
                    {
                        LlmUsage all = await observer.SummarizeAsync(run: "adhoc");
                        Assert.InRange(all.Total.SpentUsd + all.Total.ReservedUsd, 0, limit);
                        UsageFigures risk = all.ByRole.GetValueOrDefault(ModelRole.Risk, UsageFigures.None);
                        Assert.InRange(risk.SpentUsd + risk.ReservedUsd, 0, limit / 2);
                        Assert.InRange(all.Total.Tokens.Input + all.Total.Tokens.Output, 0, 40_000);
                    }

                    var client = new StreamedChatClient(
                        (messages, _) => Checked(CheckAsync, outputs[int.Parse(messages[0].Text)])
                    );
                    await using SpendBook one = await SpendBook.OpenAsync(path);
                    await using SpendBook two = await SpendBook.OpenAsync(path);
                    await using ModelGateway first = await CallFixture.OpenAsync(client, LlmMode.Live, "", one, budget);
                    await using ModelGateway second = await CallFixture.OpenAsync(client, LlmMode.Live, "", two, budget);
                    Exception?[] errors = await Task.WhenAll(
                        Enumerable
                            .Range(0, count)
                            .Select(i =>
                                Task.Run(async () =>
                                    await Record.ExceptionAsync(async () =>
                                        await (i % 2 == 0 ? first : second).AskAsync(
                                            CallFixture.Request($"{i}", (ModelRole)roles[i])
                                        )
                                    )
                                )
                            )
                    );
                    await CheckAsync();
                    Assert.All(errors.OfType<Exception>(), e => Assert.IsType<BudgetExceededException>(e));
                    UsageFigures total = (await observer.SummarizeAsync()).Total;
                    Assert.Equal(0, total.ReservedUsd);
                    Assert.Equal(errors.Count(e => e is null), total.Calls);
                },
                iter: 30
            );

    [Fact]
    public async Task ReserveAsync_NextDay_StartsAfresh()
    {
        var clock = new FakeTimeProvider(Noon);
        var budget = new BudgetOptions { RunUsd = null, DayUsd = 0.008m };
        await using SpendBook book = await SpendBook.OpenAsync(Book);
        await using ModelGateway gateway = await OpenAsync(book, budget, clock);
        await gateway.AskAsync(CallFixture.Request("1"));
        await Assert.ThrowsAsync<BudgetExceededException>(async () => await gateway.AskAsync(CallFixture.Request("2")));
        clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<BudgetExceededException>(async () => await gateway.AskAsync(CallFixture.Request("3")));
        clock.Advance(TimeSpan.FromTicks(1));
        await gateway.AskAsync(CallFixture.Request("4"));
        Assert.Equal(0.002m, (await book.SummarizeAsync(new DateOnly(2026, 3, 2))).Total.SpentUsd);
        Assert.Equal(0.002m, (await book.SummarizeAsync(new DateOnly(2026, 3, 3))).Total.SpentUsd);
    }

    [Fact]
    public async Task ReserveAsync_ClockInAnotherZone_CountsTheUtcDay()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 23, 0, 0, TimeSpan.FromHours(-5)));
        clock.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(-5), "x", "x"));
        await using SpendBook book = await SpendBook.OpenAsync(Book);
        await using ModelGateway gateway = await OpenAsync(book, new BudgetOptions(), clock);
        await gateway.AskAsync(CallFixture.Request());
        Assert.Equal(1, (await book.SummarizeAsync(new DateOnly(2026, 3, 3))).Total.Calls);
    }

    [Fact]
    public async Task ReserveAsync_RunContinuedInAnotherProcess_ContinuesItsLimit()
    {
        var budget = new BudgetOptions { RunUsd = 0.008m };
        await using (SpendBook book = await SpendBook.OpenAsync(Book))
        await using (ModelGateway gateway = await OpenAsync(book, budget))
        {
            gateway.BeginRun("run_1");
            await gateway.AskAsync(CallFixture.Request());
        }

        await using SpendBook later = await SpendBook.OpenAsync(Book);
        await using ModelGateway continued = await OpenAsync(later, budget);
        continued.BeginRun("run_1");
        await Assert.ThrowsAsync<BudgetExceededException>(async () => await continued.AskAsync(CallFixture.Request()));
        continued.BeginRun("run_2");
        await continued.AskAsync(CallFixture.Request());
        Assert.Equal(1, (await later.SummarizeAsync(run: "run_1")).Total.Calls);
        Assert.Equal(2, (await later.SummarizeAsync()).Total.Calls);
    }

    [Fact]
    public async Task ReserveAsync_ProcessThatDiedInACall_LeftItsReservation()
    {
        var budget = new BudgetOptions { RunUsd = 0.008m };
        await using (SpendBook book = await SpendBook.OpenAsync(Book))
        {
            var owner = new CallOwner(ModelRole.Manager, "claude", "test-model");
            var asked = new Reservation(0, new DateOnly(2026, 3, 2), "adhoc", owner, 1_000, 1_000, 6_000_000);
            (Reservation? entry, _) = await book.ReserveAsync(asked, budget.For(ModelRole.Manager), CancellationToken.None);
            Assert.NotNull(entry);
        }

        await using SpendBook later = await SpendBook.OpenAsync(Book);
        Assert.Equal(0.006m, (await later.SummarizeAsync()).Total.ReservedUsd);
        await using ModelGateway gateway = await OpenAsync(later, budget);
        BudgetExceededException error = await Assert.ThrowsAsync<BudgetExceededException>(async () =>
            await gateway.AskAsync(CallFixture.Request())
        );
        Assert.Contains("$0.00 spent and $0.006 reserved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SummarizeAsync_RolesAndReplays_AreTold()
    {
        string recording = _folder.PathOf("r.jsonl");
        var client = new ScriptedChatClient((_, _) => CallFixture.ToolReply());
        await using SpendBook book = await SpendBook.OpenAsync(Book);
        for (int run = 0; run < 2; run++)
        {
            await using ModelGateway gateway = await CallFixture.OpenAsync(
                client,
                LlmMode.Record,
                recording,
                book,
                new BudgetOptions(),
                card: CallFixture.Card with
                {
                    CachedInputUsd = 0.1,
                    CacheWriteUsd = 1.25,
                }
            );
            await gateway.AskAsync(CallFixture.Request("a"));
            await gateway.AskAsync(CallFixture.Request("b", ModelRole.Risk));
        }

        LlmUsage usage = await book.SummarizeAsync();
        // 300 plain, 600 cached, 100 written, 200 out.
        const decimal Each = (300 * 1m + 600 * 0.1m + 100 * 1.25m + 200 * 5m) / 1_000_000;
        var each = new UsageFigures
        {
            Calls = 1,
            Replayed = 1,
            Tokens = new TokenUsage(1_000, 200, 600, 100),
            SpentUsd = Each,
            CachedUsd = 0.002m - Each,
            SavedUsd = Each,
        };
        Assert.Equal(each + each, usage.Total);
        Assert.Equal([ModelRole.Risk, ModelRole.Manager], usage.ByRole.Keys);
        Assert.Equal(each, usage.ByRole[ModelRole.Risk]);
        Assert.Equal(("claude/test-model", each + each), (usage.ByModel.Single().Key, usage.ByModel.Single().Value));
    }

    [Fact]
    public async Task OpenAsync_NoDatabase_IsAnInputError()
    {
        string path = _folder.Write("spend.db", new string('x', 5_000));
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => SpendBook.OpenAsync(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static Task<ModelGateway> OpenAsync(SpendBook book, BudgetOptions budget, TimeProvider? clock = null) =>
        CallFixture.OpenAsync(new ScriptedChatClient((_, _) => "Buy."), LlmMode.Live, "", book, budget, clock);

    private static async IAsyncEnumerable<ChatResponseUpdate> Checked(Func<Task> check, int output)
    {
        await check();
        await Task.Yield();
        var usage = new UsageDetails { InputTokenCount = 1 + output, OutputTokenCount = 1 + (output * 999 / 1_000) };
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("x"), new UsageContent(usage)]);
        await check();
    }
}
