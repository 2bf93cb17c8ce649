using System.Text.Json.Nodes;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif notify test</c>.</summary>
internal sealed class NotifyTestVerb()
    : Verb(
        "test",
        "Send a test message to every webhook of the settings (section notify), once, and say what each answered",
        "rlaif notify test"
    )
{
    public override string JsonFields => "hooks[{hook,delivered,answer}]";

    private sealed record Row(string Hook, bool Delivered, string Answer);

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IReadOnlyList<Hook> hooks = HookSettings.Read(context.Settings, context.Environment);
        if (hooks.Count == 0)
        {
            throw new RlaifInputException($"No webhook is set up. Settings: {string.Join(", ", HookSettings.Keys)}.");
        }

        using var client = new HookClient(context.Time, KnownSecrets.Read(context.Settings, context.Environment));
        var notice = new Notice(
            Notice.Test,
            Notice.Test,
            context.Time.GetUtcNow(),
            null,
            "a test: messages of rlaif arrive here",
            new JsonObject()
        );
        var rows = new List<Row>();
        foreach (Hook hook in hooks)
        {
            HookAnswer answer = await client.PostAsync(hook, hook.Body([notice]), context.CancellationToken);
            rows.Add(new Row(hook.Name, answer.IsDelivered, answer.Text));
        }

        context.Output.Result(
            new { Hooks = rows },
            console => rows.ForEach(r => console.WriteLine($"{r.Hook}: {(r.Delivered ? "delivered" : "FAILED")}, {r.Answer}"))
        );
        return rows.TrueForAll(r => r.Delivered) ? ExitCode.Done : ExitCode.Failed;
    }
}
