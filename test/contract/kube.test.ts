import { kubeSuite } from './kube-suite.ts';
import { kubePodSuite } from './kube-pod-suite.ts';
import { kubeWriteSuite } from './kube-write-suite.ts';
import { contractCluster } from './real/kube.ts';
import { sandboxApi } from './sandbox-api.ts';
import { onEach } from './servers.ts';

await onEach('kube', [sandboxApi, contractCluster], (target) => {
  kubeSuite(target);
  kubeWriteSuite(target);
});
await onEach('kube with a kubelet', [sandboxApi], kubePodSuite);
