using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Judging;

namespace Rlaif.Tests.Decisions.Llm.Judging;

/// <summary>Judges whose answers are written by a test: they see what a real one would see and nothing else.</summary>
internal static class JudgeScript
{
    /// <summary>A client that compares the two proposals as they stand in the prompt.</summary>
    public static ScriptedChatClient Comparing(Func<string, string, JudgeChoice> compare) =>
        new((messages, _) => Answer(compare(Quoted(messages[0].Text, "first"), Quoted(messages[0].Text, "second"))));

    /// <summary>A client that gives these replies, one after the other.</summary>
    public static ScriptedChatClient Saying(params string[] replies)
    {
        var left = new Queue<string>(replies);
        return new ScriptedChatClient((_, _) => left.Dequeue());
    }

    public static Judge Judge(ScriptedChatClient client, Constitution? constitution = null, string model = "scripted") =>
        new(new ModelGateway(client.Roster(model: model)), constitution);

    /// <summary>A reply of the right shape; principles that are not named are ties.</summary>
    public static string Answer(JudgeChoice preferred, params (string Name, JudgeChoice Choice)[] principles)
    {
        var votes = new JsonObject();
        foreach (string name in Constitution.Standard.Principles)
        {
            votes[name] = Word(principles.Where(p => p.Name == name).Select(p => p.Choice).FirstOrDefault(JudgeChoice.Tie));
        }

        return new JsonObject
        {
            ["reason"] = "One argues better.",
            ["principles"] = votes,
            ["preferred"] = Word(preferred),
        }.ToJsonString();
    }

    /// <summary>What a prompt quotes between two tags.</summary>
    public static string Quoted(string prompt, string tag)
    {
        string[] parts = prompt.Split($"<{tag}>\n", $"</{tag}>");
        return parts.Length == 3 ? parts[1] : throw new InvalidOperationException($"{tag} stands {parts.Length - 1} times.");
    }

    /// <summary>Everything that reached the client: system prompts, messages, schemas.</summary>
    public static IReadOnlyList<string> Asked(ScriptedChatClient client) =>
        [
            .. client.Asked.Select(a =>
                string.Join(
                    "\n",
                    [
                        a.Options.Instructions,
                        .. a.Messages.Select(m => m.Text),
                        JsonSerializer.Serialize((a.Options.ResponseFormat as ChatResponseFormatJson)?.Schema),
                    ]
                )
            ),
        ];

    private static string Word(JudgeChoice choice) => JsonSerializer.SerializeToElement(choice, RlaifJson.Compact).GetString()!;

    private static string[] Split(this string text, string start, string end) =>
        [.. text.Split(start).SelectMany(p => p.Split(end))];
}
