using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Tuning;

/// <summary>The layouts, as a table. A new one is an entry here.</summary>
internal static class RowFormats
{
    private const string OpenAiWarning =
        "OpenAI is winding its fine-tuning down: closed to new users, and all new jobs end on 2027-01-06. Prefer the trl format.";
    private const string BedrockWarning =
        "Bedrock fine-tunes Claude 3 Haiku only, in us-west-2 only, and that model's end of life was 2026-09-10. Prefer the trl format.";
    private const string AnthropicPairsWarning =
        "No Anthropic service accepts preference pairs or labels; this file is an archive in the trl layout.";

    private static readonly Dictionary<(TuningFormat, TuningTask), RowFormat> Table = new()
    {
        [(TuningFormat.Trl, TuningTask.Dpo)] = new(PromptChosenRejected),
        [(TuningFormat.Trl, TuningTask.Sft)] = new(PromptCompletion),
        [(TuningFormat.Trl, TuningTask.Kto)] = new(PromptCompletionLabel),
        [(TuningFormat.Trl, TuningTask.Reward)] = new(Conversations, OnePrompt: false),
        [(TuningFormat.OpenAi, TuningTask.Dpo)] = new(PreferredOutput, MinRows: 10, Warning: OpenAiWarning),
        [(TuningFormat.OpenAi, TuningTask.Sft)] = new(WeightedMessages, MinRows: 10, Warning: OpenAiWarning),
        [(TuningFormat.Bedrock, TuningTask.Sft)] = new(SystemAndMessages, MinRows: 32, MaxRows: 10_000, Warning: BedrockWarning),
        [(TuningFormat.Anthropic, TuningTask.Sft)] = new(
            SystemAndMessages,
            MinRows: 32,
            MaxRows: 10_000,
            Warning: BedrockWarning
        ),
        [(TuningFormat.Anthropic, TuningTask.Dpo)] = new(PromptChosenRejected, Warning: AnthropicPairsWarning),
        [(TuningFormat.Anthropic, TuningTask.Kto)] = new(PromptCompletionLabel, Warning: AnthropicPairsWarning),
        [(TuningFormat.Anthropic, TuningTask.Reward)] = new(Conversations, OnePrompt: false, Warning: AnthropicPairsWarning),
        [(TuningFormat.Together, TuningTask.Dpo)] = new(PreferredOutput),
        [(TuningFormat.Together, TuningTask.Sft)] = new(PlainMessages),
        [(TuningFormat.Fireworks, TuningTask.Dpo)] = new(PreferredOutput, MinRows: 3, MaxRows: 3_000_000),
        [(TuningFormat.Fireworks, TuningTask.Sft)] = new(PlainMessages, MinRows: 3, MaxRows: 3_000_000),
        [(TuningFormat.Axolotl, TuningTask.Dpo)] = new(AxolotlPair),
        [(TuningFormat.Axolotl, TuningTask.Sft)] = new(PlainMessages),
        [(TuningFormat.Axolotl, TuningTask.Reward)] = new(AxolotlReward),
        [(TuningFormat.LlamaFactory, TuningTask.Dpo)] = new(ShareGptPair),
        [(TuningFormat.LlamaFactory, TuningTask.Sft)] = new(ShareGpt),
        [(TuningFormat.LlamaFactory, TuningTask.Kto)] = new(ShareGptLabel),
        [(TuningFormat.LlamaFactory, TuningTask.Reward)] = new(ShareGptPair),
    };

    /// <summary>The layout of a task.</summary>
    /// <exception cref="RlaifInputException">The format does not serve the task; the message lists those that do.</exception>
    internal static RowFormat Find(TuningFormat format, TuningTask task) =>
        Table.TryGetValue((format, task), out RowFormat? found)
            ? found
            : throw new RlaifInputException(
                $"The format {NameOf(format)} has no layout for the task {NameOf(task)}. Formats that have one: "
                    + $"{string.Join(", ", Table.Keys.Where(k => k.Item2 == task).Select(k => NameOf(k.Item1)))}."
            );

    /// <summary>The name under which an enum value is written.</summary>
    internal static string NameOf<T>(T value)
        where T : struct, Enum => JsonSerializer.SerializeToElement(value, RlaifJson.Compact).GetString()!;

    /// <summary>The entry for LLaMA-Factory's <c>dataset_info.json</c>; null for other formats.</summary>
    internal static JsonObject? DatasetInfo(TuningFormat format, TuningTask task, string fileName)
    {
        if (format != TuningFormat.LlamaFactory)
        {
            return null;
        }

        bool ranking = task is TuningTask.Dpo or TuningTask.Reward;
        var columns = new JsonObject { ["messages"] = "conversations", ["system"] = "system" };
        if (ranking)
        {
            columns["chosen"] = "chosen";
            columns["rejected"] = "rejected";
        }
        else if (task == TuningTask.Kto)
        {
            columns["kto_tag"] = "kto_tag";
        }

        var info = new JsonObject { ["file_name"] = fileName, ["formatting"] = "sharegpt" };
        if (ranking)
        {
            info["ranking"] = true;
        }

        info["columns"] = columns;
        return info;
    }

    private static JsonObject PromptChosenRejected(TuningRow row) =>
        new()
        {
            ["prompt"] = Question(row.System, row.Prompt),
            ["chosen"] = new JsonArray(Assistant(row.Answer)),
            ["rejected"] = new JsonArray(Assistant(row.Rejected!)),
        };

    private static JsonObject PromptCompletion(TuningRow row) =>
        new() { ["prompt"] = Question(row.System, row.Prompt), ["completion"] = new JsonArray(Assistant(row.Answer)) };

    private static JsonObject PromptCompletionLabel(TuningRow row)
    {
        JsonObject json = PromptCompletion(row);
        json["label"] = row.Label;
        return json;
    }

    private static JsonObject Conversations(TuningRow row) =>
        new()
        {
            ["chosen"] = Conversation(row.System, row.Prompt, row.Answer),
            ["rejected"] = Conversation(row.RejectedSystem, row.RejectedPrompt, row.Rejected!),
            ["margin"] = row.Margin,
        };

    private static JsonObject PreferredOutput(TuningRow row) =>
        new()
        {
            ["input"] = new JsonObject { ["messages"] = Question(row.System, row.Prompt) },
            ["preferred_output"] = new JsonArray(Assistant(row.Answer)),
            ["non_preferred_output"] = new JsonArray(Assistant(row.Rejected!)),
        };

    private static JsonObject PlainMessages(TuningRow row) =>
        new() { ["messages"] = Conversation(row.System, row.Prompt, row.Answer) };

    private static JsonObject WeightedMessages(TuningRow row)
    {
        JsonObject answer = Assistant(row.Answer);
        answer["weight"] = 1;
        JsonArray messages = Question(row.System, row.Prompt);
        messages.Add(answer);
        return new JsonObject { ["messages"] = messages };
    }

    private static JsonObject SystemAndMessages(TuningRow row) =>
        new() { ["system"] = row.System, ["messages"] = new JsonArray(Message("user", row.Prompt), Assistant(row.Answer)) };

    private static JsonObject AxolotlPair(TuningRow row) =>
        new()
        {
            ["messages"] = Question(row.System, row.Prompt),
            ["chosen"] = Assistant(row.Answer),
            ["rejected"] = Assistant(row.Rejected!),
        };

    private static JsonObject AxolotlReward(TuningRow row) =>
        new()
        {
            ["system"] = row.System,
            ["input"] = row.Prompt,
            ["chosen"] = row.Answer,
            ["rejected"] = row.Rejected,
        };

    private static JsonObject ShareGptPair(TuningRow row) =>
        new()
        {
            ["conversations"] = new JsonArray(Turn("human", row.Prompt)),
            ["chosen"] = Turn("gpt", row.Answer),
            ["rejected"] = Turn("gpt", row.Rejected!),
            ["system"] = row.System,
        };

    private static JsonObject ShareGpt(TuningRow row) =>
        new() { ["conversations"] = new JsonArray(Turn("human", row.Prompt), Turn("gpt", row.Answer)), ["system"] = row.System };

    private static JsonObject ShareGptLabel(TuningRow row)
    {
        JsonObject json = ShareGpt(row);
        json["kto_tag"] = row.Label;
        return json;
    }

    private static JsonArray Question(string system, string prompt) => [Message("system", system), Message("user", prompt)];

    private static JsonArray Conversation(string system, string prompt, string answer)
    {
        JsonArray messages = Question(system, prompt);
        messages.Add(Assistant(answer));
        return messages;
    }

    private static JsonObject Assistant(string content) => Message("assistant", content);

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static JsonObject Turn(string from, string value) => new() { ["from"] = from, ["value"] = value };
}
