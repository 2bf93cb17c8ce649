using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif agents check</c>.</summary>
internal sealed class AgentsCheckVerb : Verb
{
    private const string Question =
        "This is a check of the connection. Reply with the JSON object {\"ready\": true} and nothing else.";

    private static readonly ReplySchema Shape = new(
        "check",
        JsonSerializer.SerializeToElement(
            new
            {
                type = "object",
                properties = new { ready = new { type = "boolean" } },
                required = (string[])["ready"],
                additionalProperties = false,
            }
        )
    );

    private readonly Option<string?> _agents = new("--agents")
    {
        Description = "Provider of the roles for which the settings name none [default: claude]",
        HelpName = "claude|openai",
    };

    private readonly ModelVerbOptions _models = new(LlmMode.Live);

    public AgentsCheckVerb()
        : base(
            "check",
            "Make one small call for every configured role and report its model, latency, tokens and whether it keeps to a shape. Costs a few hundred tokens a role, inside the budget",
            "rlaif agents check --agents claude"
        )
    {
        _agents.AcceptOnlyFromAmong([.. DefaultModels.Providers]);
        Options.Add(_agents);
        _models.AddTo(this);
    }

    public override string JsonFields =>
        "roles[{role,provider,model,ok,error,seconds,input_tokens,output_tokens,schema_asked,schema_kept,replayed,knowledge_cutoff,input_usd_per_million,output_usd_per_million,prices_checked_on,takes_temperature}], llm{"
        + UsageDocument.Fields
        + "}; exit 1 when a role failed; replayed replies say nothing about a connection";

    private sealed record Row
    {
        public required string Role { get; init; }

        public required string Provider { get; init; }

        public required string Model { get; init; }

        public required bool Ok { get; init; }

        public string? Error { get; init; }

        public double? Seconds { get; init; }

        public long? InputTokens { get; init; }

        public long? OutputTokens { get; init; }

        public required SchemaSupport SchemaAsked { get; init; }

        public bool? SchemaKept { get; init; }

        public bool? Replayed { get; init; }

        public required DateOnly? KnowledgeCutoff { get; init; }

        public required double? InputUsdPerMillion { get; init; }

        public required double? OutputUsdPerMillion { get; init; }

        public required DateOnly? PricesCheckedOn { get; init; }

        public required bool TakesTemperature { get; init; }
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        await using ModelAccess access = await _models.OpenAsync(context, context.Get(_agents) ?? DefaultModels.Providers[0]);
        Row[] rows = await context.Output.ProgressAsync(
            "asking every role",
            _ => Task.WhenAll(access.Roster.Roles.Select(role => CheckAsync(context, access, role)))
        );
        var usage = UsageDocument.Of(access.Gateway.Usage.Total);
        context.Output.Result(new { Roles = rows, Llm = usage }, console => Show(console, rows, usage));
        return rows.All(r => r.Ok) ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<Row> CheckAsync(CommandContext context, ModelAccess access, ModelRole role)
    {
        ModelSetup setup = access.Roster[role];
        var row = new Row
        {
            Role = ModelSettings.NameOf(role),
            Provider = setup.Options.Provider,
            Model = setup.Options.Model,
            Ok = false,
            SchemaAsked = setup.Options.Schema ?? setup.Card.Schema,
            KnowledgeCutoff = setup.Card.KnowledgeCutoff,
            InputUsdPerMillion = setup.Card.InputUsd,
            OutputUsdPerMillion = setup.Card.OutputUsd,
            PricesCheckedOn = setup.Card.CheckedOn,
            TakesTemperature = setup.Card.TakesTemperature,
        };
        long started = context.Time.GetTimestamp();
        try
        {
            ModelReply reply = await access.Gateway.AskAsync(
                new ModelRequest
                {
                    Role = role,
                    Subject = $"check of the {row.Role}'s model",
                    System = "You answer checks of a connection in the shape asked for.",
                    Messages = [new ChatMessage(ChatRole.User, Question)],
                    Schema = Shape,
                },
                null,
                context.CancellationToken
            );
            return row with
            {
                Ok = true,
                Seconds = context.Time.GetElapsedTime(started).TotalSeconds,
                InputTokens = reply.Usage.Input,
                OutputTokens = reply.Usage.Output,
                SchemaKept = IsKept(reply),
                Replayed = reply.Replayed,
            };
        }
        catch (Exception e) when (e is RlaifInputException or ModelCallException or BudgetExceededException)
        {
            return row with { Error = e.Message };
        }
    }

    private static bool IsKept(ModelReply reply)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(reply.Text);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.EnumerateObject().Count() == 1
                && root.TryGetProperty("ready", out JsonElement ready)
                && ready.ValueKind is JsonValueKind.True or JsonValueKind.False;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Show(IAnsiConsole console, Row[] rows, UsageDocument usage)
    {
        Table table = new Table().AddColumns(
            "role",
            "model",
            "result",
            "seconds",
            "tokens in",
            "out",
            "shape",
            "cutoff",
            "USD per million in/out"
        );
        foreach (Row r in rows)
        {
            table.AddRow(
                r.Role,
                Markup.Escape($"{r.Provider}/{r.Model}"),
                Markup.Escape(r.Ok ? (r.Replayed == true ? "replayed" : "ok") : r.Error!),
                r.Seconds is { } seconds ? $"{seconds:0.00}" : "",
                $"{r.InputTokens}",
                $"{r.OutputTokens}",
                r.SchemaKept switch
                {
                    true => "kept",
                    false => "broken",
                    null => "",
                },
                r.KnowledgeCutoff is { } cutoff ? $"{cutoff:yyyy-MM-dd}" : "unknown",
                r.InputUsdPerMillion is { } input ? $"{input:0.###} / {r.OutputUsdPerMillion:0.###}" : "unknown"
            );
        }

        console.Write(table);
        console.WriteLine(usage.Words());
    }
}
