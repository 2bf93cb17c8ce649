using System.Text.Json;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>The JSON schema that a reply must follow.</summary>
/// <param name="Name">Name of the shape, for example <c>analyst_report</c>.</param>
/// <param name="Schema">JSON schema, limited to what all providers take: objects with all properties required and none additional.</param>
public sealed record ReplySchema(string Name, JsonElement Schema);
