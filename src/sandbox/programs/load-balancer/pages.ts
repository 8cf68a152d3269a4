/** Whose error pages the load balancer shows. */
export type LoadBalancerStyle = 'gclb' | 'envoy' | 'nginx';

/** What went wrong on the way to a backend. */
export type LoadBalancerFailure = 'no-backend' | 'refused' | 'reset' | 'timeout';

/** An error page of a load balancer. */
export interface ErrorPage {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The page a client gets. Google answers 502 to each of them; Envoy tells them apart with 503 and 504. */
export function errorPage(style: LoadBalancerStyle, failure: LoadBalancerFailure): ErrorPage {
  switch (style) {
    case 'gclb':
      return { status: 502, contentType: 'text/html; charset=UTF-8', body: googlePage };
    case 'envoy':
      return envoyPage(failure);
    case 'nginx':
      return nginxPage(failure);
  }
}

/** https://cloud.google.com/load-balancing/docs/https/troubleshooting-ext-https-lbs */
const googlePage = `
<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>502 Server Error</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: Server Error</h1>
<h2>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.</h2>
<h2></h2>
</body></html>
`;

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags */
function envoyPage(failure: LoadBalancerFailure): ErrorPage {
  const contentType = 'text/plain';
  const before = 'upstream connect error or disconnect/reset before headers. reset reason:';
  switch (failure) {
    case 'no-backend':
      return { status: 503, contentType, body: 'no healthy upstream' };
    case 'refused':
      return {
        status: 503,
        contentType,
        body: `${before} remote connection failure, transport failure reason: delayed connect error: Connection refused`,
      };
    case 'reset':
      return { status: 503, contentType, body: `${before} connection termination` };
    case 'timeout':
      return { status: 504, contentType, body: 'upstream request timeout' };
  }
}

function nginxPage(failure: LoadBalancerFailure): ErrorPage {
  const title = nginxTitle(failure);
  return {
    status: Number(title.slice(0, 3)),
    contentType: 'text/html',
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  };
}

function nginxTitle(failure: LoadBalancerFailure): string {
  if (failure === 'no-backend') return '503 Service Temporarily Unavailable';
  return failure === 'timeout' ? '504 Gateway Time-out' : '502 Bad Gateway';
}
