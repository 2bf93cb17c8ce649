using System.Globalization;
using System.Text.Json;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>Turns what can go wrong with a call into one exception that a user understands, with nothing secret in it.</summary>
/// <param name="Provider">Provider, for example <c>claude</c>.</param>
/// <param name="Model">Model as configured.</param>
/// <param name="Address">Where the API is.</param>
/// <param name="KeyVariable">Environment variable of the key.</param>
/// <param name="Scrubber">Takes the key out of texts.</param>
internal sealed record CallErrors(string Provider, string Model, Uri Address, string KeyVariable, SecretScrubber Scrubber)
{
    private const int LongestDetail = 300;
    private const int BadRequest = 400;
    private const int Unauthorized = 401;
    private const int PaymentRequired = 402;
    private const int Forbidden = 403;
    private const int NotFound = 404;
    private const int RequestTimeout = 408;
    private const int Conflict = 409;
    private const int ContentTooLarge = 413;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;
    private const int Unavailable = 503;
    private const int Overloaded = 529;

    /// <summary>A reply with an error status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body, or its beginning.</param>
    /// <param name="retryAfter">The wait that the provider asks for.</param>
    /// <param name="retryForbidden">Whether the provider says that another try is useless.</param>
    public ModelCallException OfStatus(int status, string body, TimeSpan? retryAfter, bool retryForbidden)
    {
        ProviderError error = ProviderError.Parse(body);
        ModelFailure kind = status switch
        {
            TooManyRequests or PaymentRequired when error.IsQuota => ModelFailure.Quota,
            PaymentRequired => ModelFailure.Quota,
            BadRequest when error.IsTooLarge => ModelFailure.TooLarge,
            Unauthorized => ModelFailure.Authentication,
            Forbidden => ModelFailure.Permission,
            NotFound => ModelFailure.NotFound,
            RequestTimeout => ModelFailure.Timeout,
            Conflict => ModelFailure.Server,
            ContentTooLarge => ModelFailure.TooLarge,
            TooManyRequests => ModelFailure.RateLimited,
            Unavailable or Overloaded => ModelFailure.Overloaded,
            >= ServerError => ModelFailure.Server,
            < BadRequest => ModelFailure.NotFound,
            _ => ModelFailure.BadRequest,
        };
        return Create(kind, error.Message, mayBeCharged: false, status, retryAfter, retryForbidden);
    }

    /// <summary>An error that comes as an event within a stream.</summary>
    public ModelCallException OfEvent(string data)
    {
        ProviderError error = ProviderError.Parse(data);
        ModelFailure kind = error.Type switch
        {
            "overloaded_error" => ModelFailure.Overloaded,
            "api_error" => ModelFailure.Server,
            "rate_limit_error" => ModelFailure.RateLimited,
            "timeout_error" => ModelFailure.Timeout,
            "authentication_error" => ModelFailure.Authentication,
            "permission_error" => ModelFailure.Permission,
            "billing_error" => ModelFailure.Quota,
            "not_found_error" => ModelFailure.NotFound,
            "request_too_large" => ModelFailure.TooLarge,
            "invalid_request_error" => ModelFailure.BadRequest,
            _ => ModelFailure.Server,
        };
        return Create(kind, error.Message, mayBeCharged: true);
    }

    /// <summary>Nothing came for so long.</summary>
    public ModelCallException TimedOut(TimeSpan after) =>
        Create(
            ModelFailure.Timeout,
            string.Create(CultureInfo.InvariantCulture, $"nothing came for {after.TotalSeconds:0.#} s"),
            mayBeCharged: true
        );

    /// <summary>The connection could not be made, or broke.</summary>
    public ModelCallException Broken(Exception cause) =>
        Create(ModelFailure.Connection, Innermost(cause).Message, mayBeCharged: !CallFailure.IsUnpaid(cause));

    /// <summary>What came cannot be read.</summary>
    public ModelCallException Unreadable(Exception cause) => Create(ModelFailure.Malformed, cause.Message, mayBeCharged: true);

    /// <summary>The reply ended before it was complete.</summary>
    public ModelCallException Cut() => Create(ModelFailure.Malformed, "it ends before it is complete", mayBeCharged: true);

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private ModelCallException Create(
        ModelFailure kind,
        string detail,
        bool mayBeCharged,
        int? status = null,
        TimeSpan? retryAfter = null,
        bool retryForbidden = false
    )
    {
        (string what, string advice, bool mayRetry) = Describe(kind, status);
        string code = status is { } s ? $" ({s})" : "";
        string said = OneLine(Scrubber.Scrub(detail));
        string message = said.Length > 0 ? $"{what}{code}: {said}" : $"{what}{code}";
        return new ModelCallException($"{message.TrimEnd('.', ' ')}.{Environment.NewLine}{advice}")
        {
            Provider = Provider,
            Model = Model,
            Kind = kind,
            Status = status,
            MayBeCharged = mayBeCharged,
            MayRetry = mayRetry && !retryForbidden,
            RetryAfter = retryAfter,
        };
    }

    private (string What, string Advice, bool MayRetry) Describe(ModelFailure kind, int? status) =>
        kind switch
        {
            ModelFailure.Authentication => (
                $"{Provider} refuses the key",
                $"Check the environment variable {KeyVariable}.",
                false
            ),
            ModelFailure.Permission => (
                $"{Provider} does not let this key use {Model}",
                $"Check what the account and the key in {KeyVariable} are allowed.",
                false
            ),
            ModelFailure.Quota => ($"The account at {Provider} has no credit left", "Check its plan and billing.", false),
            ModelFailure.NotFound => (
                $"There is no model {Model} at {Address}",
                "Check the model's name and the base URL; that of Ollama, vLLM and LM Studio ends in /v1.",
                false
            ),
            ModelFailure.BadRequest => (
                $"{Provider} does not accept the request to {Model}",
                "Check the model's options.",
                false
            ),
            ModelFailure.TooLarge => (
                $"The prompt is too large for {Model}",
                "Let the agents see fewer headlines, documents and lessons, or take another model.",
                false
            ),
            ModelFailure.RateLimited => (
                $"{Provider} limits the calls of {Model}",
                "Lower the concurrency, or set a limit of requests or tokens per minute.",
                true
            ),
            ModelFailure.Overloaded => ($"{Provider} has too much to do for {Model}", "Try again later.", true),
            ModelFailure.Timeout => ($"{Model} did not answer in time", "Try again later, or allow more seconds.", true),
            ModelFailure.Connection => ($"No connection with {Address}", "Check the network and the base URL.", true),
            ModelFailure.Malformed => ($"The reply of {Model} cannot be read", "Try again, or take another model.", true),
            _ => ($"{Provider} failed with {Model}", "Try again later.", status is null or Conflict or >= ServerError),
        };

    private static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(c => !char.IsControl(c)));
        return line.Length <= LongestDetail ? line : $"{line[..LongestDetail]}...";
    }

    // What providers write into the body of an error: {"error":{"type":..,"code":..,"message":..}}, {"error":".."}, {"message":..}, {"detail":..}.
    private sealed record ProviderError(string Message, string? Type, string? Code)
    {
        public bool IsQuota => Code is "insufficient_quota" || Type is "insufficient_quota" or "billing_error";

        public bool IsTooLarge =>
            Code is "context_length_exceeded" || Message.StartsWith("prompt is too long", StringComparison.OrdinalIgnoreCase);

        public static ProviderError Parse(string body)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(body);
                JsonElement root = document.RootElement;
                JsonElement error = Member(root, "error") ?? root;
                string? message =
                    error.ValueKind == JsonValueKind.String ? error.GetString() : Text(error, "message") ?? Text(root, "detail");
                return new ProviderError(message ?? "", Text(error, "type"), Text(error, "code"));
            }
            catch (JsonException)
            {
                // A page of a proxy says nothing that fits in a line; a short text does.
                return new ProviderError(body.TrimStart().StartsWith('<') ? "" : body, null, null);
            }
        }

        private static JsonElement? Member(JsonElement of, string name) =>
            of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) ? value : null;

        private static string? Text(JsonElement of, string name) =>
            Member(of, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
    }
}
