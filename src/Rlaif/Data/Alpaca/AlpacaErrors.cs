using System.Net;
using System.Text.Json;

namespace Rlaif.Data.Alpaca;

/// <summary>Turns what can go wrong with Alpaca into one line that a user understands, with no key in it.</summary>
internal sealed class AlpacaErrors(AlpacaKeys keys)
{
    private const int LongestDetail = 200;
    private const string CheckKeys =
        $"check {AlpacaKeys.IdVariable} and {AlpacaKeys.SecretVariable}, and that they belong to this address (paper and live have keys of their own)";

    /// <summary>A reply with an error status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body, or its beginning.</param>
    /// <param name="address">What was asked for; its query is not shown.</param>
    /// <param name="retryAfter">The wait that is asked for.</param>
    internal AlpacaException OfStatus(HttpStatusCode status, string body, Uri address, TimeSpan? retryAfter)
    {
        int code = (int)status;
        (AlpacaFailure kind, string what, string advice) = code switch
        {
            401 => (AlpacaFailure.Authentication, "Alpaca refuses the keys", CheckKeys),
            403 => (
                AlpacaFailure.Forbidden,
                "Alpaca forbids this",
                $"the subscription may not cover the feed (iex is free, sip only when older than 15 minutes); or {CheckKeys}"
            ),
            404 => (AlpacaFailure.NotFound, "Alpaca has no such thing", "check the symbol and the base URL"),
            429 => (AlpacaFailure.RateLimited, "Alpaca limits the requests", "try again in a minute"),
            408 => (AlpacaFailure.Timeout, "Alpaca waited too long for the request", "try again"),
            >= 500 => (AlpacaFailure.Server, "Alpaca is not available", "it may be in maintenance; try again later"),
            >= 400 => (AlpacaFailure.BadRequest, "Alpaca does not accept the request", "check symbols, dates and options"),
            _ => (AlpacaFailure.BadRequest, "Alpaca answers in a way that is not followed", "check the base URL"),
        };
        (string said, int? errorCode) = Detail(body);
        string detail = said.Length > 0 ? $": {said}" : "";
        return new AlpacaException(kind, $"{what} ({code}) at {Place(address)}{detail}; {advice}.")
        {
            Status = code,
            Said = said,
            ErrorCode = errorCode,
            RetryAfter = retryAfter,
        };
    }

    /// <summary>Nothing came for so long.</summary>
    internal static AlpacaException TimedOut(Uri address, TimeSpan after, Exception? cause = null) =>
        new(AlpacaFailure.Timeout, $"{Place(address)} did not answer in {after.TotalSeconds:0.###} s; try again later.", cause);

    /// <summary>The connection could not be made, or broke.</summary>
    internal AlpacaException Broken(Uri address, Exception cause) =>
        new(
            AlpacaFailure.Connection,
            $"No connection with {Place(address)}: {Line(Innermost(cause).Message)}; check the network and the base URL.",
            cause
        );

    /// <summary>What came cannot be read.</summary>
    internal AlpacaException Unreadable(Uri address, string why, Exception? cause = null) =>
        new(AlpacaFailure.Malformed, $"The reply of {Place(address)} cannot be read: {Line(why)}; try again later.", cause);

    /// <summary>An error that a stream states.</summary>
    internal AlpacaException OfStream(int code, string message, Uri address)
    {
        (AlpacaFailure kind, string advice) = code switch
        {
            401 or 402 or 403 => (AlpacaFailure.Authentication, CheckKeys),
            404 => (AlpacaFailure.Timeout, "try again"),
            405 => (AlpacaFailure.BadRequest, "subscribe to fewer symbols"),
            406 => (AlpacaFailure.RateLimited, "close the other program that streams with these keys"),
            407 => (AlpacaFailure.Connection, "messages are not taken fast enough"),
            409 => (AlpacaFailure.Forbidden, "the subscription does not cover this feed; iex is free"),
            400 or 410 => (AlpacaFailure.BadRequest, "check symbols and feed"),
            _ => (AlpacaFailure.Server, "try again later"),
        };
        return new AlpacaException(kind, $"The stream {Place(address)} says {code} {Line(message)}; {advice}.") { Status = code };
    }

    internal static string Place(Uri address) => address.GetLeftPart(UriPartial.Path);

    /// <summary>A text from outside on one line, short, without keys.</summary>
    internal string Line(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = keys.Scrub(string.Concat(line.Where(c => !char.IsControl(c)))).TrimEnd('.');
        return line.Length <= LongestDetail ? line : $"{line[..LongestDetail]}...";
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    // {"message":".."} and {"code":40010001,"message":".."}; the page of a proxy or of a maintenance says nothing that fits in a line.
    private (string Said, int? Code) Detail(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            string? message = StreamText.Text(document.RootElement, "message");
            int? code =
                StreamText.Member(document.RootElement, "code") is { ValueKind: JsonValueKind.Number } number
                && number.TryGetInt32(out int value)
                    ? value
                    : null;
            return (message is null ? "" : Line(message), code);
        }
        catch (JsonException)
        {
            return (body.TrimStart().StartsWith('<') ? "" : Line(body), null);
        }
    }
}
