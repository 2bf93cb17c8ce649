namespace Rlaif.Decisions.Llm.Models;

/// <summary>How a server can be held to the shape of a reply. The prompt describes the shape in every case, and every reply is validated.</summary>
public enum SchemaSupport
{
    /// <summary>It takes a JSON schema.</summary>
    JsonSchema,

    /// <summary>It can be told to reply in JSON.</summary>
    JsonObject,

    /// <summary>Neither.</summary>
    Prompt,
}
