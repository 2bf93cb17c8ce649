using System.ClientModel;
using Anthropic.Exceptions;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Judges calls that ended in an exception before anything was received.</summary>
internal static class CallFailure
{
    /// <summary>
    /// Whether nothing can have been paid: the server answered with an error status, or was never reached. A time-out, a cancellation or a
    /// broken connection may have been paid.
    /// </summary>
    internal static bool IsUnpaid(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case ModelCallException failure:
                    return !failure.MayBeCharged;
                case OperationCanceledException or TimeoutException:
                    return false;
                case ClientResultException { Status: > 0 }
                or AnthropicApiException
                or HttpRequestException { StatusCode: not null }:
                case HttpRequestException
                {
                    HttpRequestError: HttpRequestError.NameResolutionError
                        or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError
                        or HttpRequestError.ProxyTunnelError
                }:
                    return true;
                default:
                    break;
            }
        }

        return error is RlaifInputException;
    }
}
